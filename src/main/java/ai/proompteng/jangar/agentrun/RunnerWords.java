package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.Artifact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a status keeps of the runner's last words (agentrun.md 8.3). Pure. */
final class RunnerWords {
  private static final List<String> KEPT =
      List.of(
          "provider",
          "adapter",
          "status",
          "exitCode",
          "signal",
          "startedAt",
          "finishedAt",
          "error",
          "errorClass",
          "reason",
          "binary",
          "control",
          "controlError",
          "systemPromptHash",
          "usage",
          "threadId",
          "turnId",
          "turnStatus",
          "model",
          "effort",
          "cwd");
  private static final int MAX_ERROR = 640;

  private RunnerWords() {}

  /** The fields that are kept, the error cut; null when the runner said nothing. */
  static Map<String, Object> kept(Map<String, Object> said) {
    if (said == null) {
      return null;
    }
    var kept = new LinkedHashMap<String, Object>();
    KEPT.stream()
        .filter(field -> said.get(field) != null)
        .forEach(field -> kept.put(field, said.get(field)));
    if (kept.get("error") instanceof String error) {
      kept.put("error", cut(error));
    }
    return kept;
  }

  /** What was declared, then what the runner brings, which is laid over it by name. */
  static List<Artifact> artifacts(List<Artifact> declared, Map<String, Object> said) {
    var all = new ArrayList<>(declared);
    var brought =
        Optional.ofNullable(said)
            .map(words -> words.get("artifacts"))
            .map(found -> found instanceof Map<?, ?> map ? map.get("outputArtifacts") : found)
            .orElse(List.of());
    if (brought instanceof List<?> entries) {
      entries.forEach(entry -> all.add(artifact(entry)));
    }
    return all;
  }

  private static Artifact artifact(Object entry) {
    var fields = entry instanceof Map<?, ?> map ? map : Map.of("name", String.valueOf(entry));
    return new Artifact(
        text(fields, "name"),
        text(fields, "path"),
        text(fields, "key"),
        text(fields, "url"),
        text(fields, "type"),
        text(fields, "uri"),
        text(fields, "contentType"),
        fields.get("sizeBytes") instanceof Number size ? size.longValue() : null,
        text(fields, "sha256"));
  }

  private static String text(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  private static String cut(String error) {
    return error.codePointCount(0, error.length()) <= MAX_ERROR
        ? error
        : error.substring(0, error.offsetByCodePoints(0, MAX_ERROR));
  }
}

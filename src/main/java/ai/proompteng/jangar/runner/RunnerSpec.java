package ai.proompteng.jangar.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runner's orders, {@code agent-runner.json} (agentrun.md 4.10), as far as adapter {@code exec}
 * needs them.
 *
 * @param root the whole document, whose {@code inputs}, {@code payloads}, … templates may name
 * @param eventFile the run's {@code run.json}; null when the spec names none
 */
record RunnerSpec(
    JsonNode root,
    String provider,
    Path eventFile,
    Path statusPath,
    Path logPath,
    long logRetentionSeconds,
    Exec exec,
    List<Artifact> declared) {

  static final String SCHEMA_VERSION = "agents.proompteng.ai/runner/v1";
  private static final String CODEX = "codex-app-server";
  private static final long LOG_RETENTION_SECONDS = 604_800;

  /** What to start; every text is still a template. */
  record Exec(
      String binary, List<String> args, Map<String, String> env, List<InputFile> inputFiles) {}

  record InputFile(String path, String content) {}

  /** A declared output; {@code fromExec} ones are templates, the others were rendered before. */
  record Artifact(Map<String, String> fields, boolean fromExec) {}

  /**
   * Reads the document.
   *
   * @param workspace where the files stand that it does not name
   * @throws InvalidSpec when it is not a spec, or asks for what is not built
   */
  static RunnerSpec of(JsonNode root, Path workspace) {
    if (!root.isObject()) {
      throw new InvalidSpec("InvalidSpec", "the runner spec is not a JSON object");
    }
    var version = text(root, "schemaVersion");
    if (version != null && !version.equals(SCHEMA_VERSION)) {
      throw new InvalidSpec("InvalidSpec", "schemaVersion is not " + SCHEMA_VERSION);
    }
    var provider = required(root, "provider");
    var exec = exec(root, provider);
    var artifacts = root.path("artifacts");
    var event = text(root.path("payloads"), "eventFilePath");
    return new RunnerSpec(
        root,
        provider,
        event == null ? null : Path.of(event),
        path(artifacts, "statusPath", workspace.resolve(".agent/status.json")),
        path(artifacts, "logPath", workspace.resolve(".agent/runner.log")),
        artifacts.path("logRetentionSeconds").asLong(LOG_RETENTION_SECONDS),
        exec,
        declared(root));
  }

  /** The name {@code agent-runner.json} gives to the path, even when the rest is of no use. */
  static Path statusPath(JsonNode root, Path workspace) {
    return path(root.path("artifacts"), "statusPath", workspace.resolve(".agent/status.json"));
  }

  private static Exec exec(JsonNode root, String provider) {
    var adapter = root.path("adapter");
    var type = text(adapter, "type");
    if (type == null && (provider.equals("codex") || provider.equals("codex-runner"))) {
      type = CODEX;
    }
    if (type == null) {
      throw new InvalidSpec("InvalidSpec", "adapter.type is missing");
    }
    if (type.equals(CODEX)) {
      throw InvalidSpec.notSupportedYet("adapter.type " + CODEX);
    }
    if (!type.equals("exec")) {
      throw new InvalidSpec("InvalidSpec", "adapter.type is neither exec nor " + CODEX);
    }
    if (!root.path("loop").isMissingNode()) {
      throw InvalidSpec.notSupportedYet("loop");
    }
    var exec = adapter.path("exec");
    var files = new ArrayList<InputFile>();
    for (var file : exec.path("inputFiles")) {
      files.add(new InputFile(required(file, "path"), file.path("content").asText("")));
    }
    return new Exec(required(exec, "binary"), texts(exec), map(exec.path("envTemplate")), files);
  }

  private static List<Artifact> declared(JsonNode root) {
    var byName = new LinkedHashMap<String, Artifact>();
    collect(root.path("providerSpec").path("outputArtifacts"), false, byName);
    collect(root.path("adapter").path("exec").path("outputArtifacts"), true, byName);
    for (var artifact : byName.values()) {
      if (artifact.fields().containsKey("key")) {
        throw InvalidSpec.notSupportedYet("outputArtifacts.key");
      }
    }
    return List.copyOf(byName.values());
  }

  private static void collect(JsonNode list, boolean fromExec, Map<String, Artifact> byName) {
    for (var entry : list) {
      var fields = map(entry);
      if (fields.containsKey("name")) {
        byName.putIfAbsent(fields.get("name"), new Artifact(fields, fromExec));
      }
    }
  }

  private static List<String> texts(JsonNode exec) {
    var texts = new ArrayList<String>();
    exec.path("argsTemplate").forEach(arg -> texts.add(arg.asText()));
    return texts;
  }

  private static Map<String, String> map(JsonNode object) {
    var map = new LinkedHashMap<String, String>();
    object
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                map.put(field.getKey(), field.getValue().asText());
              }
            });
    return map;
  }

  private static Path path(JsonNode object, String field, Path otherwise) {
    var text = text(object, field);
    return text == null ? otherwise : Path.of(text);
  }

  private static String required(JsonNode object, String field) {
    var text = text(object, field);
    if (text == null) {
      throw new InvalidSpec("InvalidSpec", field + " is missing");
    }
    return text;
  }

  private static String text(JsonNode object, String field) {
    var node = object == null ? MissingNode.getInstance() : object.path(field);
    return node.isTextual() && !node.textValue().isBlank() ? node.textValue().strip() : null;
  }
}

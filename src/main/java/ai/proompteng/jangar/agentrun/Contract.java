package ai.proompteng.jangar.agentrun;

import static ai.proompteng.jangar.agentrun.RunView.text;

import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.implementation.SpecText;
import ai.proompteng.jangar.provider.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a task knows about itself, gathered from parameters and source (agentrun.md 3.3).
 *
 * @param metadata by key, no value blank
 * @param requiredKeys what the task's contract asks for; empty when it names none
 * @param prompt what the agent is told
 */
record Contract(Map<String, String> metadata, List<String> requiredKeys, String prompt) {
  private static final List<String[]> RENAMES =
      List.of(
          new String[] {"repo", "repository"},
          new String[] {"issueRepository", "repository"},
          new String[] {"issue", "issueNumber"},
          new String[] {"issueId", "issueNumber"},
          new String[] {"issue_id", "issueNumber"},
          new String[] {"issue_number", "issueNumber"},
          new String[] {"title", "issueTitle"},
          new String[] {"body", "issueBody"},
          new String[] {"url", "issueUrl"},
          new String[] {"baseBranch", "base"},
          new String[] {"base_ref", "base"},
          new String[] {"baseRef", "base"},
          new String[] {"headBranch", "head"},
          new String[] {"head_ref", "head"},
          new String[] {"headRef", "head"},
          new String[] {"codexStage", "stage"});
  private static final List<String> EVENT_KEYS =
      List.of(
          "repository",
          "issueNumber",
          "issueTitle",
          "issueBody",
          "issueUrl",
          "base",
          "head",
          "stage");
  private static final Pattern GITHUB_ID = Pattern.compile("([^#\\s]+/[^#\\s]+)#([0-9]+)");

  static Contract of(Map<String, String> parameters, ImplementationSpecSpec task) {
    var metadata = new TreeMap<String, String>();
    parameters.forEach(
        (key, value) -> {
          if (!key.equalsIgnoreCase("prompt") && text(value) != null) {
            metadata.put(key, text(value));
          }
        });
    RENAMES.forEach(rename -> copy(metadata, rename[0], rename[1]));
    mappings(task).forEach(mapping -> copy(metadata, text(mapping.from()), text(mapping.to())));
    fromSource(metadata, task.source());
    var prompt = prompt(parameters, metadata, task);
    if (metadata.containsKey("issueNumber")) {
      putIfSaid(metadata, "issueTitle", SpecText.summary(task.summary()));
      putIfSaid(metadata, "issueBody", SpecText.prepare(task.text()));
    }
    return new Contract(metadata, requiredKeys(task), prompt);
  }

  /** True when a key is blank or a mapping half filled. */
  static boolean malformed(ImplementationSpecSpec task) {
    return task.contract() != null
        && (requiredKeysAsWritten(task).stream().anyMatch(key -> text(key) == null)
            || mappings(task).stream()
                .anyMatch(mapping -> text(mapping.from()) == null || text(mapping.to()) == null));
  }

  List<String> missingKeys() {
    return requiredKeys.stream().filter(key -> !metadata.containsKey(key)).toList();
  }

  /** As the status shows it; null when no keys are asked for. */
  AgentRunStatus.Contract status() {
    return requiredKeys.isEmpty() ? null : new AgentRunStatus.Contract(requiredKeys, missingKeys());
  }

  /** What {@code run.json} carries of it. */
  Map<String, Object> eventPayload() {
    var payload = new LinkedHashMap<String, Object>();
    if (prompt != null) {
      payload.put("prompt", prompt);
    }
    for (var key : EVENT_KEYS) {
      if (metadata.containsKey(key)) {
        payload.put(key, metadata.get(key));
      }
    }
    var map = new TreeMap<>(metadata);
    map.remove("issueBody"); // it stands above: a long text four times would be too much
    payload.put("metadata", Map.of("map", map));
    return payload;
  }

  // text that came from elsewhere is never a template (decision 44)
  private static String prompt(
      Map<String, String> parameters, Map<String, String> metadata, ImplementationSpecSpec task) {
    var prepared = SpecText.prepare(task.text());
    var told = prepared.isEmpty() ? SpecText.summary(task.summary()) : prepared;
    if (told.isEmpty()) {
      return null;
    }
    var source = task.source() == null ? null : text(task.source().provider());
    if (source != null && !source.equals("manual")) {
      return told;
    }
    var context = new LinkedHashMap<String, Object>(parameters);
    context.putAll(metadata);
    context.put("metadata", Map.copyOf(metadata));
    context.put("parameters", parameters);
    context.put("inputs", parameters);
    return Template.renderKnown(told, context);
  }

  private static void fromSource(
      Map<String, String> metadata, ImplementationSpecSpec.Source source) {
    if (source == null) {
      return;
    }
    var id = text(source.externalId());
    if ("github".equals(source.provider()) && id != null) {
      var parts = GITHUB_ID.matcher(id);
      if (parts.matches()) {
        putIfText(metadata, "repository", parts.group(1));
        putIfText(metadata, "issueNumber", parts.group(2));
      }
    }
    putIfText(metadata, "issueUrl", source.url());
    copy(metadata, "issueUrl", "url");
  }

  private static void copy(Map<String, String> metadata, String from, String to) {
    if (from != null && to != null && metadata.containsKey(from)) {
      metadata.putIfAbsent(to, metadata.get(from));
    }
  }

  /** Unlike other values these stay byte for byte. */
  private static void putIfSaid(Map<String, String> metadata, String key, String words) {
    if (text(words) != null) {
      metadata.putIfAbsent(key, words);
    }
  }

  private static void putIfText(Map<String, String> metadata, String key, String value) {
    if (text(value) != null) {
      metadata.putIfAbsent(key, text(value));
    }
  }

  private static List<ImplementationSpecSpec.Mapping> mappings(ImplementationSpecSpec task) {
    return task.contract() == null || task.contract().mappings() == null
        ? List.of()
        : task.contract().mappings();
  }

  private static List<String> requiredKeysAsWritten(ImplementationSpecSpec task) {
    return task.contract() == null || task.contract().requiredKeys() == null
        ? List.of()
        : task.contract().requiredKeys();
  }

  private static List<String> requiredKeys(ImplementationSpecSpec task) {
    return requiredKeysAsWritten(task).stream()
        .map(RunView::text)
        .filter(key -> key != null)
        .distinct()
        .toList();
  }
}

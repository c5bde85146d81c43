package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.api.AgentProviderSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A provider's {@code adapter}, which is schemaless (agentrun.md 4.10).
 *
 * @param map as it stands; empty when absent
 */
public record Adapter(AgentProviderSpec provider, Map<String, Object> map) {
  private static final String RUNNER = "/agent-runner";

  /** Where an image of ours has its runner. */
  private static final String DEFAULT_BINARY = "/usr/local/bin/agent-runner";

  public static Adapter of(AgentProviderSpec provider) {
    return new Adapter(provider, provider.adapter() == null ? Map.of() : provider.adapter());
  }

  /** The container's command. */
  public String binary() {
    return text(provider.binary()) == null ? DEFAULT_BINARY : text(provider.binary());
  }

  public String type() {
    if (map.get("type") instanceof String type && text(type) != null) {
      return text(type);
    }
    return binary().endsWith(RUNNER) ? "codex-app-server" : "exec";
  }

  /** What the runner starts; null when nobody says. */
  public String execBinary() {
    if (block("exec").get("binary") instanceof String binary && text(binary) != null) {
      return text(binary);
    }
    return binary().endsWith(RUNNER) ? null : binary();
  }

  @SuppressWarnings("unchecked")
  public Map<String, Object> block(String name) {
    return map.get(name) instanceof Map<?, ?> block ? (Map<String, Object>) block : Map.of();
  }

  /**
   * As the runner gets it: its templates untouched, since the runner renders them. What the
   * container has already (environment, files, declared artifacts) is not said twice: the child
   * inherits it, rendered.
   */
  public Map<String, Object> forRunner() {
    var exec = new LinkedHashMap<>(block("exec"));
    exec.put("binary", execBinary());
    if (!exec.containsKey("argsTemplate") && provider.argsTemplate() != null) {
      exec.put("argsTemplate", provider.argsTemplate());
    }
    var adapter = new LinkedHashMap<String, Object>();
    adapter.put("type", "exec");
    adapter.put("exec", exec);
    return adapter;
  }

  private static String text(String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}

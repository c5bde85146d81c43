package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.Artifact;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.provider.Adapter;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The two documents a run's container reads, {@code run.json} and {@code agent-runner.json}
 * (agentrun.md 4.9, 4.10). Pure.
 *
 * @param context the roots of the controller's templates
 */
record RunDocuments(RunView run, Map<String, Object> context, RunnerDefaults defaults) {
  static final String RUN_JSON = "/workspace/run.json";
  static final String RUNNER_JSON = "/workspace/agent-runner.json";
  private static final String SCHEMA = "agents.proompteng.ai/runner/v1";

  String runJson() {
    var parameters = RunAssembly.parameters(run);
    var task = run.task().orElseThrow().spec();
    var json = new LinkedHashMap<String, Object>();
    json.put("provider", run.provider().orElseThrow().metadata().name());
    json.put("agentRun", context.get("agentRun"));
    json.put("implementation", context.get("implementation"));
    json.put("parameters", parameters);
    json.put("memory", NullNode.instance); // said, not left out
    json.put("artifacts", maps(RunAssembly.artifacts(run)));
    json.putAll(Contract.of(parameters, task).eventPayload());
    return write(json);
  }

  String runnerJson() {
    var provider = run.provider().orElseThrow();
    var logs = RuntimeConfig.of(run).number("logRetentionSeconds");
    var artifacts = new LinkedHashMap<String, Object>();
    artifacts.put("statusPath", "/workspace/.agent/status.json");
    artifacts.put("logPath", "/workspace/.agent/runner.log");
    artifacts.put("logRetentionSeconds", logs == null ? defaults.logRetentionSeconds() : logs);
    var json = new LinkedHashMap<String, Object>();
    json.put("schemaVersion", SCHEMA);
    json.put("provider", provider.metadata().name());
    json.put("inputs", RunAssembly.parameters(run));
    json.put("payloads", Map.of("eventFilePath", RUN_JSON));
    json.put("artifacts", artifacts);
    var declared = RunAssembly.artifacts(run);
    if (!declared.isEmpty()) {
      json.put("providerSpec", Map.of("outputArtifacts", maps(declared)));
    }
    json.put("adapter", Adapter.of(provider.spec()).forRunner());
    return write(json);
  }

  /** The roots of the controller's templates (agentrun.md 3.2). */
  static Map<String, Object> context(RunView run) {
    var parameters = RunAssembly.parameters(run);
    var agent = run.agent().orElseThrow();
    var env = new LinkedHashMap<String, Object>();
    Optional.ofNullable(agent.spec().env())
        .orElse(List.of())
        .forEach(set -> env.put(set.name(), set.value()));
    var context = new LinkedHashMap<String, Object>();
    var names = new LinkedHashMap<String, Object>();
    names.put("name", run.meta().name());
    names.put("uid", run.meta().uid());
    names.put("namespace", run.meta().namespace());
    context.put("agentRun", names);
    context.put(
        "agent",
        Map.of(
            "name",
            agent.metadata().name(),
            "config",
            Optional.ofNullable(agent.spec().config()).orElse(Map.of()),
            "env",
            env));
    context.put(
        "implementation", map(run.task().map(task -> (Object) task.spec()).orElse(Map.of())));
    context.put("parameters", parameters);
    context.put("inputs", parameters);
    context.put("memory", Map.of());
    context.put("vcs", Map.of());
    return context;
  }

  private static List<Map<String, Object>> maps(List<Artifact> artifacts) {
    return artifacts.stream().map(RunDocuments::map).toList();
  }

  private static Map<String, Object> map(Object value) {
    return Decoder.mapper().convertValue(value, new TypeReference<>() {});
  }

  private static String write(Map<String, Object> json) {
    try {
      return Decoder.mapper().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("came out of JSON", e);
    }
  }
}

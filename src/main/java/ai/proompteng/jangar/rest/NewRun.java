package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.Ref;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The body of {@code POST /v1/agent-runs} (orchestration-and-api.md 3.4). Fields may be null. */
record NewRun(
    Ref agentRef,
    String namespace,
    Metadata metadata,
    String idempotencyKey,
    Ref implementationSpecRef,
    ImplementationSpecSpec implementation,
    AgentRunSpec.Goal goal,
    AgentRunSpec.Runtime runtime,
    AgentRunSpec.Workflow workflow,
    AgentRunSpec.Workload workload,
    Ref memoryRef,
    Ref vcsRef,
    AgentRunSpec.VcsPolicy vcsPolicy,
    Map<String, String> parameters,
    List<String> secrets,
    Policy policy,
    Integer ttlSecondsAfterFinished) {

  /** {@code generateName} is the beginning of the run's name. */
  record Metadata(
      String generateName, Map<String, String> labels, Map<String, String> annotations) {}

  /** This, once what every run must have is there. */
  NewRun checked() {
    Policy.notYet(policy);
    if (agent().isEmpty()) {
      throw missing("agentRef.name");
    }
    if (runtime == null || runtime.type() == null || runtime.type().isBlank()) {
      throw missing("runtime.type");
    }
    if (implementation == null && Ref.nameOf(implementationSpecRef).isEmpty()) {
      throw missing("implementationSpecRef.name");
    }
    if (implementation != null && implementationSpecRef != null) {
      throw ErrorCode.INVALID_FIELD.at(
          "implementation", "implementation and implementationSpecRef exclude each other");
    }
    if (ttlSecondsAfterFinished != null && ttlSecondsAfterFinished < 0) {
      throw ErrorCode.INVALID_FIELD.at(
          "ttlSecondsAfterFinished", "ttlSecondsAfterFinished is less than 0");
    }
    Optional.ofNullable(parameters).orElse(Map.of()).entrySet().stream()
        .filter(parameter -> Objects.isNull(parameter.getValue()))
        .findFirst()
        .ifPresent(
            parameter -> {
              var path = "parameters." + parameter.getKey();
              throw ErrorCode.INVALID_FIELD.at(path, path + " is no text");
            });
    return this;
  }

  Optional<String> agent() {
    return Ref.nameOf(agentRef);
  }

  /**
   * The run's spec.
   *
   * @param key of the request
   */
  AgentRunSpec spec(String key) {
    return new AgentRunSpec(
        agentRef,
        implementationSpecRef,
        implementation == null ? null : new AgentRunSpec.Implementation(implementation),
        goal,
        runtime,
        workflow,
        workload,
        parameters,
        secrets,
        null,
        null,
        memoryRef,
        vcsRef,
        vcsPolicy,
        runKey(key),
        key,
        ttlSecondsAfterFinished);
  }

  /** What keeps the run apart from a repetition: the body's own key, else the request's. */
  String runKey(String key) {
    return idempotencyKey == null || idempotencyKey.isBlank() ? key : idempotencyKey.strip();
  }

  private static RuntimeException missing(String path) {
    return ErrorCode.MISSING_FIELD.at(path, path + " is missing");
  }
}

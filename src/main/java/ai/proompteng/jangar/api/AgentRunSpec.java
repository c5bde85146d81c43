package ai.proompteng.jangar.api;

import java.util.List;
import java.util.Map;

/** {@code AgentRun.spec} (agentrun.md 1.1). Fields may be null. */
public record AgentRunSpec(
    Ref agentRef,
    Ref implementationSpecRef,
    Implementation implementation,
    Goal goal,
    Runtime runtime,
    Workflow workflow,
    Workload workload,
    Map<String, String> parameters,
    List<String> secrets,
    String systemPrompt,
    ObjectKeyRef systemPromptRef,
    Ref memoryRef,
    Ref vcsRef,
    VcsPolicy vcsPolicy,
    String idempotencyKey,
    String deliveryId,
    Integer ttlSecondsAfterFinished) {

  /** An ad-hoc task. */
  public record Implementation(ImplementationSpecSpec inline) {}

  public record Goal(String objective, Long tokenBudget) {}

  /** {@code config} is schemaless. */
  public record Runtime(String type, Map<String, Object> config) {}

  public record VcsPolicy(Boolean required, String mode) {}

  public record Workload(String image, Resources resources, List<Volume> volumes) {}

  public record Resources(Map<String, String> requests, Map<String, String> limits) {}

  public record Volume(
      String type,
      String name,
      String mountPath,
      Boolean readOnly,
      String claimName,
      String secretName,
      String sizeLimit,
      String medium) {}

  public record Workflow(List<WorkflowStep> steps) {}

  /** One step of a workflow (agentrun.md 5.1). */
  public record WorkflowStep(
      String name,
      Ref implementationSpecRef,
      Implementation implementation,
      Map<String, String> parameters,
      Workload workload,
      Integer retries,
      Integer retryBackoffSeconds,
      Integer timeoutSeconds,
      Loop loop) {}

  public record Loop(Integer maxIterations, LoopCondition condition, LoopState state) {}

  public record LoopCondition(String type, String expression, LoopSource source) {}

  public record LoopSource(String type, String path, String onMissing, String onInvalid) {}

  public record LoopState(Boolean required, List<String> volumeNames) {}
}

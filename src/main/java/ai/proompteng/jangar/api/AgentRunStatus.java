package ai.proompteng.jangar.api;

import ai.proompteng.jangar.core.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code AgentRun.status} (agentrun.md 1.2). Fields may be null; {@code conditions} is not. */
public record AgentRunStatus(
    String phase,
    String reason,
    String message,
    String why,
    Map<String, Object> runtimeRef,
    Instant startedAt,
    Instant finishedAt,
    Instant updatedAt,
    List<Artifact> artifacts,
    Map<String, Object> runner,
    Workflow workflow,
    Contract contract,
    Vcs vcs,
    String systemPromptHash,
    String specHash,
    List<Condition> conditions,
    Long observedGeneration) {

  public AgentRunStatus {
    conditions = conditions == null ? List.of() : conditions;
  }

  public record Contract(List<String> requiredKeys, List<String> missingKeys) {}

  public record Vcs(
      String provider, String repository, String baseBranch, String headBranch, String mode) {}

  /** How far the steps are (agentrun.md 5.5). */
  public record Workflow(String phase, Instant lastTransitionTime, List<Step> steps) {}

  public record Step(
      String name,
      String phase,
      Integer attempt,
      Instant startedAt,
      Instant finishedAt,
      Instant lastTransitionTime,
      String message,
      JobRef jobRef,
      Instant jobObservedAt,
      Instant nextRetryAt,
      Loop loop) {}

  public record JobRef(String name, String namespace, String uid) {}

  /** {@code lastControl} is schemaless: whatever the last iteration said. */
  public record Loop(
      Integer currentIteration,
      Integer completedIterations,
      Integer maxIterations,
      String stopReason,
      Integer retainedIterations,
      Integer prunedIterations,
      Map<String, Object> lastControl,
      List<Iteration> iterations) {}

  public record Iteration(
      Integer index,
      String phase,
      Integer attempts,
      Instant startedAt,
      Instant finishedAt,
      String message,
      JobRef jobRef) {}
}

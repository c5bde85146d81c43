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
    Map<String, Object> workflow,
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
}

package ai.proompteng.jangar.api;

import ai.proompteng.jangar.core.Condition;
import java.time.Instant;
import java.util.List;

/** {@code AgentProvider.status}. */
public record AgentProviderStatus(
    List<Condition> conditions, Long observedGeneration, Instant updatedAt) {
  public AgentProviderStatus {
    conditions = conditions == null ? List.of() : conditions;
  }
}

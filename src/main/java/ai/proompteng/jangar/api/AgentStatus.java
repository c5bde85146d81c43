package ai.proompteng.jangar.api;

import ai.proompteng.jangar.core.Condition;
import java.time.Instant;
import java.util.List;

/** {@code Agent.status}. */
public record AgentStatus(List<Condition> conditions, Long observedGeneration, Instant updatedAt) {
  public AgentStatus {
    conditions = conditions == null ? List.of() : conditions;
  }
}

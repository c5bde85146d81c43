package ai.proompteng.jangar.api;

import ai.proompteng.jangar.core.Condition;
import java.time.Instant;
import java.util.List;

/** {@code ImplementationSpec.status}. */
public record ImplementationSpecStatus(
    List<Condition> conditions,
    Long observedGeneration,
    Instant updatedAt,
    Instant syncedAt,
    String sourceVersion) {
  public ImplementationSpecStatus {
    conditions = conditions == null ? List.of() : conditions;
  }
}

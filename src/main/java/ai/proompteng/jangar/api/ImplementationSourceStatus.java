package ai.proompteng.jangar.api;

import ai.proompteng.jangar.core.Condition;
import java.time.Instant;
import java.util.List;

/** {@code ImplementationSource.status} (integrations-and-helm.md 1.2). */
public record ImplementationSourceStatus(
    List<Condition> conditions,
    Long observedGeneration,
    Instant updatedAt,
    Instant lastSyncedAt,
    String cursor,
    LastWebhook lastWebhook) {

  public ImplementationSourceStatus {
    conditions = conditions == null ? List.of() : conditions;
  }

  /** Sums up one ledger row: the newest that finished or failed an attempt. */
  public record LastWebhook(
      String idempotencyKey,
      String deliveryId,
      String provider,
      String externalId,
      String sourceVersion,
      Instant receivedAt,
      Instant processedAt,
      Integer attempts,
      String status,
      String error) {}
}

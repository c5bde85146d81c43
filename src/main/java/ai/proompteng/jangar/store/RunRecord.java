package ai.proompteng.jangar.store;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A row of {@code agent_runs}.
 *
 * @param id the row's own; null until stored
 * @param deliveryId the run's idempotency key, or its uid
 * @param provider the runtime's type
 * @param status the phase
 * @param externalRunId the run's name
 * @param resourceUid the run's uid
 * @param payload {@code request}, {@code resource}, {@code status}: JSON
 */
public record RunRecord(
    UUID id,
    String namespace,
    String agentName,
    String deliveryId,
    String provider,
    String status,
    String externalRunId,
    String resourceUid,
    Map<String, Object> payload,
    Instant createdAt,
    Instant updatedAt) {}

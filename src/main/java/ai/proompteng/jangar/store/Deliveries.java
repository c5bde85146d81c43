package ai.proompteng.jangar.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What the reconciler of a source reads of the ledger. Throws {@link
 * ai.proompteng.jangar.core.Unreachable}.
 */
public interface Deliveries {

  /** The row that finished or failed an attempt last. */
  record Last(
      String idempotencyKey,
      String deliveryId,
      String provider,
      String externalId,
      Instant version,
      Instant receivedAt,
      Instant processedAt,
      int attempts,
      String state,
      String error) {}

  /** The newest of that source; empty when nothing has come yet. */
  Optional<Last> last(String sourceUid);
}

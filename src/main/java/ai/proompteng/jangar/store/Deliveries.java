package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the reconciler of a source reads of the ledger. Throws {@link
 * ai.proompteng.jangar.core.Unreachable}.
 */
public interface Deliveries {

  /**
   * The row that finished or failed an attempt last.
   *
   * @param externalId null when the delivery did not say what it is about
   * @param attempts tries that are over; 0 for what was refused before any
   */
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

  /** The sources of which a delivery failed an attempt lately, at most a thousand. */
  List<Key> troubled(Duration within);
}

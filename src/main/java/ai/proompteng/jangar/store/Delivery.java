package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.WorkItem;
import java.time.Instant;
import java.util.UUID;

/**
 * One row of the intake ledger, claimed by the drain.
 *
 * @param lease of this one claim: whoever claims the row later has another, also the same process
 * @param attempts tries so far, this one included
 */
public record Delivery(
    UUID id, String lease, String idempotencyKey, WorkItem item, int attempts, Instant receivedAt) {

  /**
   * What became of it: {@code synced}, {@code ignored}, {@code stale} or {@code failed}; {@code
   * error} only with the last.
   */
  public record Outcome(String state, String error) {}
}

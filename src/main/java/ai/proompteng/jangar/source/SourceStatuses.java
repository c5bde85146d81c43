package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.ImplementationSourceStatus;
import ai.proompteng.jangar.api.ImplementationSourceStatus.LastWebhook;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.StandardConditions;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Says in a status what was judged of an ImplementationSource. */
public final class SourceStatuses {
  private SourceStatuses() {}

  /**
   * The complete status.
   *
   * @param old what stands there now
   * @param said what was judged
   * @param last of the ledger; empty leaves what stands there
   * @param generation of the spec that was judged
   */
  public static ImplementationSourceStatus status(
      ImplementationSourceStatus old,
      Collection<Condition> said,
      Optional<LastWebhook> last,
      Long generation,
      Instant now) {
    return new ImplementationSourceStatus(
        Conditions.merge(old.conditions(), StandardConditions.derive(null, said), now),
        generation,
        now,
        lastSyncedAt(old, last),
        old.cursor(),
        last.orElse(old.lastWebhook()));
  }

  private static Instant lastSyncedAt(ImplementationSourceStatus old, Optional<LastWebhook> last) {
    var synced =
        last.filter(webhook -> "synced".equals(webhook.status())).map(LastWebhook::processedAt);
    var before = Optional.ofNullable(old.lastSyncedAt());
    return synced.filter(at -> before.map(at::isAfter).orElse(true)).or(() -> before).orElse(null);
  }
}

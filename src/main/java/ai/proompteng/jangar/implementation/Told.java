package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.core.WorkItem;
import java.time.Instant;

/**
 * A state of an item, as a delivery told it.
 *
 * @param receivedAt when; stands in for a version where the item has none (arrival order)
 * @param state the item's own, or the one that is kept because it names none
 */
record Told(WorkItem item, Instant receivedAt, ItemState state) {

  static Told of(WorkItem item, Instant receivedAt) {
    return new Told(item, receivedAt, ItemState.of(item.state()));
  }

  /** The same, where an item without a state keeps the one that is stored. */
  Told keeping(ItemState stored) {
    return item.state() == null ? new Told(item, receivedAt, stored) : this;
  }

  Instant version() {
    return item.version() == null ? receivedAt : item.version();
  }

  /** True unless it only says that the item is gone. */
  boolean hasContent() {
    return state == ItemState.OPEN || item.summary() != null || item.text() != null;
  }

  /** What the condition {@code Stale} will give as its reason; null while the item is live. */
  String staleReason() {
    return state.staleReason().map(Enum::name).orElse(null);
  }
}

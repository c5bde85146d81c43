package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.core.Reason;
import java.util.Arrays;
import java.util.Optional;

/** How an item stands with its tracker (integrations-and-helm.md 1.10). */
enum ItemState {
  OPEN("open", null),
  CLOSED("closed", Reason.SourceClosed),
  DELETED("deleted", Reason.SourceDeleted),
  TRANSFERRED("transferred", Reason.SourceTransferred),
  OUT_OF_SCOPE("out-of-scope", Reason.OutOfScope);

  private final String word;
  private final Reason staleReason;

  ItemState(String word, Reason staleReason) {
    this.word = word;
    this.staleReason = staleReason;
  }

  /** The state of that name; a word that nobody defined is open, as trackers keep adding them. */
  static ItemState of(String word) {
    return Arrays.stream(values())
        .filter(state -> state.word.equals(word))
        .findFirst()
        .orElse(OPEN);
  }

  /** The word as the annotation keeps it: what is out of scope lives on, only not for us. */
  String stored() {
    return this == OUT_OF_SCOPE ? OPEN.word : word;
  }

  /** What the condition {@code Stale} gives as its reason; empty while the item is live. */
  Optional<Reason> staleReason() {
    return Optional.ofNullable(staleReason);
  }

  /** True for the ends that only a strictly newer live state revives. */
  boolean tombstone() {
    return this == DELETED || this == TRANSFERRED;
  }
}

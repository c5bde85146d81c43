package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Reason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides what a delivery does to the ImplementationSpec of its item (integrations-and-helm.md 1.9,
 * 1.10): whatever order and repetition deliveries come in, the newest state stands in the end.
 * Pure.
 */
final class Import {
  private final Told told;
  private final Instant now;

  private Import(Told told, Instant now) {
    this.told = told;
    this.now = now;
  }

  /**
   * The one thing to do.
   *
   * @param told the delivery
   * @param existing the object of that item, if there is one
   * @param ending where there is no object: the newest state that took the item away, which then
   *     left no trace but in the ledger
   */
  static ImportStep decide(
      Told told,
      Optional<Resource<ImplementationSpecSpec, ImplementationSpecStatus>> existing,
      Optional<Told> ending,
      Instant now) {
    if (existing.isEmpty()) {
      return new Import(told, now).first(ending);
    }
    var there = Recorded.of(existing.get());
    return new Import(told.keeping(there.state()), now).onto(there);
  }

  private ImportStep first(Optional<Told> ending) {
    if (told.state() != ItemState.OPEN) {
      return new ImportStep.Ignore("never imported");
    }
    var end = ending.filter(this::isBefore);
    var content = SpecContent.of(end.filter(Told::hasContent).orElse(told).item());
    return new ImportStep.Create(fields(end.orElse(told), content, Optional.empty()));
  }

  /** True when the ending is the newer of the two, as {@link #order} has it. */
  private boolean isBefore(Told ending) {
    int versions = ending.version().compareTo(told.version());
    if (versions != 0) {
      return versions > 0;
    }
    return ending.state().tombstone() || ending.receivedAt().isAfter(told.receivedAt());
  }

  private ImportStep onto(Recorded there) {
    var source = SpecNames.sourceLabel(told.item().source());
    boolean other = there.source() != null && !there.source().equals(source);
    if (told.state() == ItemState.OUT_OF_SCOPE && other) {
      return new ImportStep.Ignore("imported by " + there.source());
    }
    var content = Optional.of(told).filter(Told::hasContent).map(t -> SpecContent.of(t.item()));
    var hash = content.map(c -> c.hash(there.labels())).orElse(there.hash());
    int order = order(there, hash, other);
    if (order < 0) {
      return new ImportStep.Drop();
    }
    if (order == 0) {
      return again(there);
    }
    return new ImportStep.Patch(
        content
            .map(c -> fields(told, c, Optional.of(there)))
            .orElseGet(() -> new Imported(labels(told), marks(told), Map.of(), null)));
  }

  /**
   * Positive when the delivery is newer than what stands there, 0 when it says the same. Versions
   * may be whole seconds, so equal ones are told apart: an end is final, then the later arrival
   * counts.
   */
  private int order(Recorded there, String hash, boolean otherSource) {
    int versions = there.version().map(told.version()::compareTo).orElse(1);
    if (versions != 0) {
      return versions;
    }
    if (there.state().tombstone() != told.state().tombstone()) {
      return told.state().tombstone() ? 1 : -1;
    }
    boolean outOfScope = Reason.OutOfScope.name().equals(there.staleReason());
    if (outOfScope && otherSource) {
      return 1; // one source has let go of it, another still asks for it
    }
    if (hash.equals(there.hash()) && saysTheSame(there)) {
      return 0;
    }
    int arrivals = there.receivedAt().map(told.receivedAt()::compareTo).orElse(1);
    if (arrivals != 0) {
      return arrivals;
    }
    int contents = hash.compareTo(there.hash()); // by chance, but the same chance in any order
    return contents != 0 ? contents : told.state().compareTo(there.state()) > 0 ? 1 : -1;
  }

  private boolean saysTheSame(Recorded there) {
    return Objects.equals(told.staleReason(), there.staleReason())
        && told.state().stored().equals(there.state().stored());
  }

  /**
   * The same state told once more. A signed event counts as having come later, since in a burst
   * within one second the state between the two may still be on its way; a poll repeats itself
   * without end, and is no news.
   */
  private ImportStep again(Recorded there) {
    boolean later = there.receivedAt().map(told.receivedAt()::isAfter).orElse(true);
    if (told.item().bodySha256() == null || !later) {
      return new ImportStep.Keep();
    }
    var arrival = Map.of(WellKnown.SOURCE_RECEIVED_AT, told.receivedAt().toString());
    return new ImportStep.Patch(new Imported(Map.of(), arrival, Map.of(), null));
  }

  private Imported fields(Told state, SpecContent content, Optional<Recorded> there) {
    var had = there.map(Recorded::labels).orElse(List.of());
    var marks = marks(state);
    marks.put(WellKnown.SOURCE_CONTENT_HASH, content.hash(had));
    marks.put(
        WellKnown.TEXT_TRUNCATED,
        content.truncatedFrom() == null ? null : content.truncatedFrom().toString());
    if (content.labels() != null) {
      var before = there.map(Recorded::labelSince).orElse(Map.of());
      var arrivals = LabelArrivals.after(before, had, content.labels(), state.version());
      marks.put(WellKnown.LABEL_SINCE, LabelArrivals.write(arrivals));
    }
    return new Imported(labels(state), marks, content.spec(), content.truncatedFrom());
  }

  private Map<String, String> labels(Told state) {
    return Map.of(
        WellKnown.SOURCE_PROVIDER,
        state.item().provider(),
        WellKnown.IMPLEMENTATION_SOURCE,
        SpecNames.sourceLabel(state.item().source()));
  }

  private Map<String, String> marks(Told state) {
    var item = state.item();
    var marks = new LinkedHashMap<String, String>();
    marks.put(WellKnown.SOURCE_ID, SpecNames.sourceId(item));
    marks.put(WellKnown.SOURCE_VERSION, state.version().toString());
    marks.put(WellKnown.SOURCE_RECEIVED_AT, state.receivedAt().toString());
    marks.put(WellKnown.SYNCED_AT, now.toString());
    marks.put(WellKnown.SOURCE_DELIVERY, item.deliveryId());
    marks.put(WellKnown.SOURCE_STATE, state.state().stored());
    marks.put(WellKnown.MOVED_TO, item.movedTo());
    marks.put(WellKnown.STALE_REASON, state.staleReason());
    marks.put(WellKnown.TRACE_ID, item.traceId());
    return marks;
  }
}

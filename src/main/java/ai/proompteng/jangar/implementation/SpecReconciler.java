package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.core.StandardConditions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what is news about an ImplementationSpec: what its status, written after the news was
 * told, does not say yet (decision 33). So nothing is told on a restart when nothing changed.
 */
public final class SpecReconciler {
  static final String READY = "spec.ready";
  static final String CHANGED = "spec.changed";
  static final String STALE = "spec.stale";

  /**
   * The news.
   *
   * @return empty when there is none, when the spec is not ready, or on its way out
   */
  public Optional<Event> news(SpecView view) {
    if (view.meta().deleting() || !SpecStatuses.isReady(view)) {
      return Optional.empty();
    }
    return type(view).map(type -> event(type, view));
  }

  private static Optional<String> type(SpecView view) {
    var told = view.status().conditions();
    boolean wasReady = Conditions.holds(told, StandardConditions.READY);
    boolean wasStale = Conditions.holds(told, SpecStatuses.STALE);
    boolean changed = !wasReady || hasChanged(view);
    if (view.staleReason().isPresent()) {
      return changed || !wasStale ? Optional.of(STALE) : Optional.empty();
    }
    if (!wasReady) {
      return Optional.of(READY);
    }
    return changed || wasStale ? Optional.of(CHANGED) : Optional.empty();
  }

  /** A label, a state or a version may change without the generation: metadata has none. */
  private static boolean hasChanged(SpecView view) {
    var version = view.annotation(WellKnown.SOURCE_VERSION).orElse(null);
    return !Objects.equals(view.meta().generation(), view.status().observedGeneration())
        || !Objects.equals(version, view.status().sourceVersion());
  }

  private static Event event(String type, SpecView view) {
    var meta = view.meta();
    var version = view.annotation(WellKnown.SOURCE_VERSION);
    var labels = view.spec().labels() == null ? List.<String>of() : view.spec().labels();
    return new Event(
        key(view),
        type,
        view.now(),
        meta.namespace(),
        Kind.IMPLEMENTATION_SPEC.kind(),
        meta.name(),
        meta.uid(),
        null,
        view.staleReason().orElse(null),
        null,
        source(view),
        labels,
        labelSince(view, labels),
        view.contentHash(),
        version.flatMap(Versions::parse).orElse(null),
        List.of(),
        meta.traceId());
  }

  /** An end that comes without a newer version, as when its source is deleted, is told as well. */
  private static String key(SpecView view) {
    return Stream.of(
            Optional.of(view.meta().uid()),
            Optional.ofNullable(view.meta().generation()).map(String::valueOf),
            view.annotation(WellKnown.SOURCE_VERSION),
            view.staleReason())
        .flatMap(Optional::stream)
        .collect(Collectors.joining("/"));
  }

  /** An object that was made by hand stands for itself: its uid is its source's id. */
  private static Event.Source source(SpecView view) {
    var meta = view.meta();
    var source = view.spec().source();
    var provider = source == null || source.provider() == null ? "manual" : source.provider();
    return new Event.Source(
        meta.labels().get(WellKnown.IMPLEMENTATION_SOURCE),
        provider,
        view.annotation(WellKnown.SOURCE_ID).orElse(meta.uid()),
        source == null ? null : source.externalId(),
        source == null ? null : source.url());
  }

  private static Map<String, String> labelSince(SpecView view, List<String> labels) {
    var remembered = LabelArrivals.read(view.meta().annotations().get(WellKnown.LABEL_SINCE));
    var since = new TreeMap<String, String>();
    labels.forEach(
        label -> since.put(label, remembered.getOrDefault(label, birth(view.meta()) + "/1")));
    return since;
  }

  private static String birth(Meta meta) {
    return String.valueOf(meta.creationTimestamp());
  }
}

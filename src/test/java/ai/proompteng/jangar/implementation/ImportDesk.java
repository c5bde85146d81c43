package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One item's object and ledger in memory: what {@link Import} decides is done to them. */
final class ImportDesk {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private final List<Told> ledger = new ArrayList<>();
  private Map<String, Object> object;

  ImportStep tell(WorkItem item, Instant receivedAt) {
    return tell(Told.of(item, receivedAt));
  }

  ImportStep tell(Told told) {
    ledger.add(told);
    var step = Import.decide(told, existing(), ending(), NOW);
    if (step instanceof ImportStep.Create create) {
      object = new HashMap<>();
      write(create.fields());
    } else if (step instanceof ImportStep.Patch patch) {
      write(patch.fields());
    }
    return step;
  }

  boolean exists() {
    return object != null;
  }

  Map<String, Object> spec() {
    return map(object, "spec");
  }

  Map<String, Object> labels() {
    return map(map(object, "metadata"), "labels");
  }

  Map<String, Object> annotations() {
    return map(map(object, "metadata"), "annotations");
  }

  String arrival(String label) {
    return LabelArrivals.read((String) annotations().get(WellKnown.LABEL_SINCE)).get(label);
  }

  /** What must not depend on the order of the events. */
  Map<String, Object> summary() {
    if (object == null) {
      return Map.of();
    }
    var summary = new HashMap<>(spec());
    for (var mark :
        List.of(WellKnown.SOURCE_VERSION, WellKnown.STALE_REASON, WellKnown.SOURCE_CONTENT_HASH)) {
      summary.put(mark, annotations().get(mark));
    }
    return summary;
  }

  private Optional<Resource<ImplementationSpecSpec, ImplementationSpecStatus>> existing() {
    return Optional.ofNullable(object).map(o -> Decoder.decode(Kind.IMPLEMENTATION_SPEC, o));
  }

  private Optional<Told> ending() {
    return ledger.stream()
        .filter(told -> told.state() != ItemState.OPEN)
        .max(
            Comparator.comparing(Told::version)
                .thenComparing(told -> told.state().tombstone())
                .thenComparing(Told::receivedAt));
  }

  private void write(Imported fields) {
    merge(map(map(object, "metadata"), "labels"), fields.labels());
    merge(map(map(object, "metadata"), "annotations"), fields.annotations());
    merge(map(object, "spec"), fields.spec());
  }

  @SuppressWarnings("unchecked")
  private static void merge(Map<String, Object> into, Map<String, ?> patch) {
    patch.forEach(
        (name, value) -> {
          if (value == null) {
            into.remove(name);
          } else if (value instanceof Map<?, ?> nested) {
            merge(map(into, name), (Map<String, ?>) nested);
          } else {
            into.put(name, value);
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Map<String, Object> parent, String name) {
    return (Map<String, Object>) parent.computeIfAbsent(name, any -> new HashMap<String, Object>());
  }
}

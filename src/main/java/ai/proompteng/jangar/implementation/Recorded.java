package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an ImplementationSpec remembers of the state that it was imported from
 * (integrations-and-helm.md 1.12).
 *
 * @param version empty when it carries none that can be read: anything is newer
 */
record Recorded(
    String source,
    Optional<Instant> version,
    Optional<Instant> receivedAt,
    ItemState state,
    String staleReason,
    String hash,
    List<String> labels,
    Map<String, String> labelSince) {

  static Recorded of(Resource<ImplementationSpecSpec, ImplementationSpecStatus> object) {
    var annotations = object.metadata().annotations();
    var labels = object.spec().labels();
    return new Recorded(
        object.metadata().labels().get(WellKnown.IMPLEMENTATION_SOURCE),
        Versions.parse(annotations.get(WellKnown.SOURCE_VERSION)),
        Versions.parse(annotations.get(WellKnown.SOURCE_RECEIVED_AT)),
        ItemState.of(annotations.get(WellKnown.SOURCE_STATE)),
        annotations.get(WellKnown.STALE_REASON),
        annotations.getOrDefault(WellKnown.SOURCE_CONTENT_HASH, ""),
        labels == null ? List.of() : labels,
        LabelArrivals.read(annotations.get(WellKnown.LABEL_SINCE)));
  }
}

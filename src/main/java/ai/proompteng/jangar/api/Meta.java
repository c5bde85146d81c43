package ai.proompteng.jangar.api;

import ai.proompteng.jangar.core.TraceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The metadata that we read. Collections are never null. */
public record Meta(
    String name,
    String namespace,
    String uid,
    String resourceVersion,
    Long generation,
    Instant creationTimestamp,
    Instant deletionTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<String> finalizers) {

  public Meta {
    labels = labels == null ? Map.of() : labels;
    annotations = annotations == null ? Map.of() : annotations;
    finalizers = finalizers == null ? List.of() : finalizers;
  }

  /** True once somebody has asked for its deletion. */
  public boolean deleting() {
    return deletionTimestamp != null;
  }

  /** What the work is followed by: as somebody has noted it there, else by the object's uid. */
  public String traceId() {
    return TraceId.read(annotations.get(WellKnown.TRACE_ID))
        .orElseGet(() -> TraceId.of(String.valueOf(uid)));
  }
}

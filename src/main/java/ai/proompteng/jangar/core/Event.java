package ai.proompteng.jangar.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What happened, as {@code jangar:events} tells it (decision 33).
 *
 * @param key what makes it unique: {@code <uid>/<phase>} for runs, {@code
 *     <uid>/<generation>/<source version>} for specs
 * @param type {@code spec.ready}, {@code spec.changed}, {@code spec.stale}, {@code run.blocked},
 *     {@code run.started}, {@code run.finished}
 * @param source of the ImplementationSpec it is about; null where there is none
 * @param labelSince each label's arrival, {@code <source version>/<count>} (decision 40)
 * @param artifacts each entry's fields by name
 * @param traceId what the work is followed by
 */
public record Event(
    String key,
    String type,
    Instant time,
    String namespace,
    String kind,
    String name,
    String uid,
    String phase,
    String reason,
    String why,
    Source source,
    List<String> labels,
    Map<String, String> labelSince,
    String contentHash,
    Instant version,
    List<Map<String, Object>> artifacts,
    String traceId) {

  /** Where the work came from. */
  public record Source(String name, String provider, String id, String externalId, String url) {}
}

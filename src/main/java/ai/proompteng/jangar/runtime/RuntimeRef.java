package ai.proompteng.jangar.runtime;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a run's work is, as {@code status.runtimeRef} keeps it (agentrun.md 1.2).
 *
 * @param type the runtime's
 * @param name of the work's object
 * @param uid of the work's object; null when it was never seen
 * @param observedAt the object's creation, {@code jobObservedAt}; null when it was never seen
 */
public record RuntimeRef(
    String type, String name, String namespace, String uid, Instant observedAt) {

  /** As it stands in the status; fields that are null are left out. */
  public Map<String, Object> toMap() {
    var map = new LinkedHashMap<String, Object>();
    put(map, "type", type);
    put(map, "name", name);
    put(map, "namespace", namespace);
    put(map, "uid", uid);
    put(map, "jobObservedAt", observedAt);
    return map;
  }

  /** Read back from a status; null for null or for a map without a name. */
  public static RuntimeRef of(Map<String, Object> map) {
    if (map == null || text(map, "name") == null) {
      return null;
    }
    var observed = text(map, "jobObservedAt");
    return new RuntimeRef(
        text(map, "type"),
        text(map, "name"),
        text(map, "namespace"),
        text(map, "uid"),
        observed == null ? null : Instant.parse(observed));
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    if (value != null) {
      map.put(key, value.toString());
    }
  }

  private static String text(Map<String, Object> map, String key) {
    var value = map.get(key);
    return value == null ? null : value.toString();
  }
}

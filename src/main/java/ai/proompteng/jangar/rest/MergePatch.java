package ai.proompteng.jangar.rest;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON merge patches (RFC 7396). Pure. */
final class MergePatch {
  private MergePatch() {}

  /** What makes the one object the other: what is gone is said as null. */
  static Map<String, Object> of(Map<String, Object> from, Map<String, Object> to) {
    var patch = new LinkedHashMap<String, Object>();
    if (from != null) {
      from.keySet().stream()
          .filter(name -> to.get(name) == null)
          .forEach(name -> patch.put(name, null));
    }
    to.forEach(
        (name, value) -> {
          if (value != null) {
            patch.put(name, value(from == null ? null : from.get(name), value));
          }
        });
    return patch;
  }

  @SuppressWarnings("unchecked")
  private static Object value(Object from, Object to) {
    return from instanceof Map<?, ?> && to instanceof Map<?, ?>
        ? of((Map<String, Object>) from, (Map<String, Object>) to)
        : to;
  }
}

package ai.proompteng.jangar.agentrun;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code spec.runtime.config} of a Job run (agentrun.md 4.6), which is schemaless, read by key. */
record RuntimeConfig(Map<String, Object> map) {
  private static final Set<String> TEXTS =
      Set.of("serviceAccount", "serviceAccountName", "priorityClassName", "schedulerName");
  private static final Set<String> NUMBERS =
      Set.of("ttlSecondsAfterFinished", "logRetentionSeconds", "backoffLimit", "timeoutSeconds");
  private static final Set<String> OBJECTS =
      Set.of("resources", "nodeSelector", "affinity", "podSecurityContext");
  private static final Set<String> LISTS =
      Set.of("tolerations", "topologySpreadConstraints", "imagePullSecrets");

  static RuntimeConfig of(RunView run) {
    var runtime = run.spec().runtime();
    return new RuntimeConfig(
        runtime == null || runtime.config() == null ? Map.of() : runtime.config());
  }

  /** Keys that mean nothing here. */
  Set<String> unknown() {
    var keys = new TreeSet<>(map.keySet());
    keys.removeIf(
        key ->
            TEXTS.contains(key)
                || NUMBERS.contains(key)
                || OBJECTS.contains(key)
                || LISTS.contains(key));
    return keys;
  }

  /** The first key whose value has another shape than it must. */
  Optional<String> malformed() {
    return new TreeSet<>(map.keySet())
        .stream().filter(key -> map.get(key) != null && !shaped(key, map.get(key))).findFirst();
  }

  String text(String key) {
    return map.get(key) instanceof String text ? RunView.text(text) : null;
  }

  /** The number, cut to a whole one; null when there is none. */
  Integer number(String key) {
    var value = map.get(key);
    return value == null ? null : whole(value).orElse(null);
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> object(String key) {
    return map.get(key) instanceof Map<?, ?> object ? (Map<String, Object>) object : Map.of();
  }

  @SuppressWarnings("unchecked")
  List<Object> list(String key) {
    return map.get(key) instanceof List<?> list ? (List<Object>) list : List.of();
  }

  /** Names, or objects with a name. */
  List<String> imagePullSecrets() {
    return list("imagePullSecrets").stream()
        .map(entry -> entry instanceof Map<?, ?> object ? object.get("name") : entry)
        .filter(Objects::nonNull)
        .map(Object::toString)
        .toList();
  }

  private static boolean shaped(String key, Object value) {
    if (NUMBERS.contains(key)) {
      return whole(value).isPresent();
    }
    return !TEXTS.contains(key) && !OBJECTS.contains(key) && !LISTS.contains(key)
        || TEXTS.contains(key) && value instanceof String
        || OBJECTS.contains(key) && value instanceof Map
        || LISTS.contains(key) && value instanceof List;
  }

  private static Optional<Integer> whole(Object value) {
    try {
      var number = Double.parseDouble(value.toString());
      return Math.abs(number) <= Integer.MAX_VALUE ? Optional.of((int) number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}

package ai.proompteng.jangar.agentrun;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What Pod Security <i>restricted</i> has against a security context, of a pod or of a container.
 * Fields we do not know are refused: nothing is granted that a later policy would forbid.
 */
final class PodSecurity {
  private static final Set<String> HARMLESS =
      Set.of(
          "runAsGroup",
          "fsGroup",
          "fsGroupChangePolicy",
          "supplementalGroups",
          "supplementalGroupsPolicy",
          "readOnlyRootFilesystem");
  private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");

  private PodSecurity() {}

  /**
   * The first field that weakens the pod; empty when none does.
   *
   * @param granted what an operator set as well, and so allows
   */
  static Optional<String> weakens(Map<String, Object> context, Map<String, Object> granted) {
    return new TreeMap<>(context)
        .entrySet().stream()
            .filter(field -> field.getValue() != null)
            .filter(field -> !field.getValue().equals(granted.get(field.getKey())))
            .filter(field -> !allowed(field.getKey(), field.getValue()))
            .map(Map.Entry::getKey)
            .findFirst();
  }

  private static boolean allowed(String field, Object value) {
    if (HARMLESS.contains(field)) {
      return true;
    }
    return switch (field) {
      case "runAsNonRoot" -> Boolean.TRUE.equals(value);
      case "runAsUser" -> value instanceof Number uid && uid.longValue() > 0;
      case "allowPrivilegeEscalation", "privileged" -> Boolean.FALSE.equals(value);
      case "seccompProfile" ->
          value instanceof Map<?, ?> profile && SECCOMP.contains(profile.get("type"));
      case "appArmorProfile" ->
          value instanceof Map<?, ?> profile && SECCOMP.contains(profile.get("type"));
      case "capabilities" ->
          value instanceof Map<?, ?> capabilities
              && capabilities.get("add") == null
              && List.of("ALL").equals(capabilities.get("drop"));
      default -> false;
    };
  }
}

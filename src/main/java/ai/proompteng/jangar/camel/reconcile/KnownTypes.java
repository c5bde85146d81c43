package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.kube.ResourceType;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every type that {@code reconcile:} can name, by its plural: the one list of them. */
final class KnownTypes {
  private static final Map<String, ResourceType> BY_PLURAL =
      Stream.concat(
              Kind.ALL.stream().map(ResourceType::of),
              Stream.of(ResourceType.JOB, ResourceType.POD, ResourceType.CONFIG_MAP))
          .collect(Collectors.toUnmodifiableMap(ResourceType::plural, Function.identity()));

  private KnownTypes() {}

  /**
   * The type of that plural.
   *
   * @throws IllegalArgumentException when there is none
   */
  static ResourceType of(String plural) {
    var type = BY_PLURAL.get(plural);
    if (type == null) {
      throw new IllegalArgumentException(
          "reconcile: knows no " + plural + ", only " + String.join(", ", BY_PLURAL.keySet()));
    }
    return type;
  }
}

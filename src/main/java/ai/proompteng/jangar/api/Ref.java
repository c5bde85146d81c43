package ai.proompteng.jangar.api;

import java.util.Optional;

/** A reference by name within the namespace. */
public record Ref(String name) {

  /** The name, trimmed; empty when there is no reference or its name is blank. */
  public static Optional<String> nameOf(Ref ref) {
    return Optional.ofNullable(ref)
        .map(Ref::name)
        .map(String::trim)
        .filter(name -> !name.isEmpty());
  }
}

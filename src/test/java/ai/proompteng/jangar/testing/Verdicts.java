package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.core.Condition;
import java.util.Collection;
import java.util.stream.Collectors;

/** Conditions as a test reads them. */
public final class Verdicts {
  private Verdicts() {}

  /** {@code Type=Status/Reason}, sorted, a space between. */
  public static String shown(Collection<Condition> conditions) {
    return conditions.stream()
        .map(c -> c.type() + "=" + c.status() + "/" + c.reason())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** The message of the condition of that type. */
  public static String message(Collection<Condition> conditions, String type) {
    return conditions.stream()
        .filter(c -> c.type().equals(type))
        .map(Condition::message)
        .findFirst()
        .orElseThrow();
  }
}

package ai.proompteng.jangar.testing;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of its surroundings, by the environment variable that names it. */
final class Needed {
  private Needed() {}

  /**
   * The variable's value. Without one the caller is skipped and says so; with {@code CI=true} it
   * fails.
   *
   * @param who needs it
   * @param what it is, {@code a cluster} say
   */
  static String by(String who, String what, String variable) {
    var value = System.getenv(variable);
    if (value != null && !value.isBlank()) {
      return value;
    }
    var message = who + " needs " + what + ", and " + variable + " names none";
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail(message);
    }
    System.err.println("SKIPPED: " + message);
    return Assumptions.abort(message);
  }
}

package ai.proompteng.jangar.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of its surroundings, by the environment variable that names it. */
public final class Needed {
  private Needed() {}

  /**
   * The variable's value. Without one the caller is skipped and says so; with {@code CI=true} it
   * fails.
   *
   * @param who needs it
   * @param what it is, {@code a cluster} say
   */
  public static String by(String who, String what, String variable) {
    var value = System.getenv(variable);
    if (value != null && !value.isBlank()) {
      return value;
    }
    return missing(who + " needs " + what + ", and " + variable + " names none");
  }

  /** Skips, or fails, when no folder of the path has that program. */
  public static void program(String who, String name) {
    var path = System.getenv("PATH").split(File.pathSeparator);
    if (Arrays.stream(path).noneMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
      missing(who + " needs the program " + name);
    }
  }

  private static String missing(String message) {
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail(message);
    }
    System.err.println("SKIPPED: " + message);
    return Assumptions.abort(message);
  }
}

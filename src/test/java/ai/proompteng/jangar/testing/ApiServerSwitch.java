package ai.proompteng.jangar.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Stops the test cluster's API server and starts it again, by the commands that CI names. */
public final class ApiServerSwitch {
  private static final long WITHIN_SECONDS = 90;

  private final String stop;
  private final String start;

  private ApiServerSwitch(String stop, String start) {
    this.stop = stop;
    this.start = start;
  }

  /** That of the test cluster; a test without one is skipped, or fails in CI. */
  public static ApiServerSwitch of(Class<?> testClass) {
    var who = testClass.getSimpleName();
    return new ApiServerSwitch(
        Needed.by(who, "a command that stops the API server", "JANGAR_TEST_API_STOP"),
        Needed.by(who, "a command that starts the API server", "JANGAR_TEST_API_START"));
  }

  public void stop() {
    run(stop);
  }

  /** Returns once it answers. */
  public void start() {
    run(start);
  }

  private static void run(String command) {
    try {
      var process =
          new ProcessBuilder("sh", "-c", command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("it does not work: " + command);
      }
    } catch (IOException e) {
      throw new AssertionError(command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package ai.proompteng.jangar.runner;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What became of the run, for the status file (agentrun.md 8.3).
 *
 * @param status succeeded, failed or cancelled
 * @param exitCode the runner's own
 * @param artifacts the declared outputs that exist
 * @param signal what ended the child, e.g. {@code SIGKILL}; null when it exited by itself
 * @param reason why it failed, as conditions spell it; null when nothing more is known
 */
record Outcome(
    String status,
    int exitCode,
    Instant startedAt,
    Instant finishedAt,
    String binary,
    List<String> args,
    String signal,
    String error,
    String reason,
    List<Map<String, String>> artifacts) {

  static final int OK = 0;
  static final int RUNNER_ERROR = 1;
  static final int INVALID_SPEC = 2;
  static final int CANCELLED = 130;
}

package ai.proompteng.jangar.agentrun;

import java.time.Duration;

/**
 * How patient the control of runs is.
 *
 * @param dependencyGrace how long a run waits for what it refers to
 * @param immutable whether an edit after acceptance ends the run
 * @param idempotent whether idempotency keys are asked for
 * @param artifactsMax how many artifacts a status keeps
 * @param artifactsStrict whether a run with more, or with an address that may not stay, fails
 * @param settleFor how long after its end a final run is settled again when it rings
 * @param cleanupTimeout how long the teardown may hold up a deletion
 * @param logBytes how much of a log's end is kept
 */
public record RunOptions(
    Duration dependencyGrace,
    boolean immutable,
    boolean idempotent,
    int artifactsMax,
    boolean artifactsStrict,
    Duration settleFor,
    Duration cleanupTimeout,
    int logBytes) {

  /** The documented defaults. */
  public static RunOptions defaults() {
    return new RunOptions(
        Duration.ofSeconds(60),
        true,
        true,
        50,
        false,
        Duration.ofDays(1),
        Duration.ofSeconds(30),
        64 * 1024);
  }
}

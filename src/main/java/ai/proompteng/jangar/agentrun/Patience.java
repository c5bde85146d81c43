package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.core.Reason;
import java.time.Duration;
import java.util.Optional;

/** How long a run waits, for whom (agentrun.md 2.4). Pure. */
final class Patience {
  private static final Duration AT_LATEST = Duration.ofSeconds(30);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(5);
  private static final Duration RETRY_LAST = Duration.ofMinutes(5);
  private static final int JITTER_PERCENT = 20;

  private final Duration grace;

  /**
   * @param grace how long for what the run refers to
   */
  Patience(Duration grace) {
    this.grace = grace;
  }

  /** Waits for a dependency, and fails by that reason when it does not come in time. */
  Optional<RunStep> dependency(RunView run, Reason otherwise, String message) {
    var left = Duration.between(run.now(), run.heldSince(Reason.WaitingForDependency).plus(grace));
    if (left.isNegative() || left.isZero()) {
      return Check.refuse(otherwise, message);
    }
    return Optional.of(
        new RunStep.Hold(Reason.WaitingForDependency, message, between(left, SHORTEST, AT_LATEST)));
  }

  /**
   * When to submit again: as long again as it has waited so far, which doubles each time, between 5
   * s and 5 min; up to a fifth off, by the run's uid, so that not all come at once.
   */
  static Duration retry(RunView run) {
    var waited = Duration.between(run.heldSince(Reason.SubmitRetry), run.now());
    var spread = Math.floorMod(run.meta().uid().hashCode(), 2 * JITTER_PERCENT) - JITTER_PERCENT;
    return between(waited, RETRY_FIRST, RETRY_LAST).multipliedBy(100L + spread).dividedBy(100);
  }

  /** True when the run's own time limit has passed while it could not be submitted. */
  static boolean outOfTime(RunView run) {
    var limit = RunAssembly.timeoutSeconds(run);
    return limit != null
        && limit > 0
        && !run.now().isBefore(run.heldSince(Reason.SubmitRetry).plusSeconds(limit));
  }

  private static Duration between(Duration wanted, Duration least, Duration most) {
    if (wanted.compareTo(least) < 0) {
      return least;
    }
    return wanted.compareTo(most) > 0 ? most : wanted;
  }
}

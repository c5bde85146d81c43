package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.runtime.RuntimeAdapter;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Stops the work of a run that somebody wants stopped, and keeps what came of it. */
public final class RunStops {
  /** A pod has 30 seconds to end, and its node as long again to say so (agentrun.md 2.7). */
  private static final Duration BOUND = Duration.ofSeconds(60);

  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final RuntimeAdapter runtime;
  private final RunAftermath aftermath;
  private final Clock clock;

  public RunStops(RuntimeAdapter runtime, RunAftermath aftermath, Clock clock) {
    this.runtime = runtime;
    this.aftermath = aftermath;
    this.clock = clock;
  }

  /**
   * There is no work that we know of; what an unanswered request may have made goes all the same.
   */
  RunOutcome drop(RunView view, RunStep.Drop step) {
    var meta = view.meta();
    runtime.discard(runtime.place(meta.namespace(), meta.name(), meta.uid()));
    return new RunOutcome.Cancelled(cancelled(step.message(), null), true);
  }

  /** Keeps the log as it is now: its pod may be gone before anybody sees that it has ended. */
  RunOutcome announce(RunView view, RunStep.Announce step) {
    aftermath.keepLog(view, step.ref());
    return new RunOutcome.CancelAsked(step.ref(), step.message());
  }

  /** Tells the work to stop, each time until it has, and ends the run then or at the bound. */
  RunOutcome stop(RunView view, RunStep.Stop step) {
    var told = told(step.ref());
    var state = aftermath.remembered(view, runtime.stopping(step.ref(), step.askedAt()));
    if (told && state instanceof Ended ended) {
      aftermath.keepLog(view, step.ref());
      return over(view, step, ended, true);
    }
    if (clock.instant().isBefore(step.askedAt().plus(BOUND))) {
      return new RunOutcome.Stopping(again(step.askedAt(), state));
    }
    return over(view, step, null, false);
  }

  private boolean told(RuntimeRef ref) {
    try {
      runtime.cancel(ref);
      return true;
    } catch (Unreachable | Rejected e) {
      return false; // it is told again, until the bound
    }
  }

  private RunOutcome over(RunView view, RunStep.Stop step, Ended ended, boolean confirmed) {
    discard(step.ref(), confirmed);
    var words = aftermath.words(view, ended);
    return new RunOutcome.Cancelled(cancelled(step.message(), words), confirmed);
  }

  private void discard(RuntimeRef ref, boolean confirmed) {
    try {
      runtime.discard(ref);
    } catch (Unreachable | Rejected e) {
      if (confirmed) {
        throw e;
      }
    }
  }

  private static Ended cancelled(String message, java.util.Map<String, Object> runner) {
    return new Ended(Phase.Cancelled, Reason.UserRequested.name(), message, null, runner, false);
  }

  private Duration again(Instant askedAt, RuntimeState state) {
    var left = Duration.between(clock.instant(), askedAt.plus(BOUND));
    var wanted = state instanceof RuntimeState.Working working ? working.lookAgain() : AGAIN;
    return left.compareTo(wanted) < 0 ? left : wanted;
  }
}

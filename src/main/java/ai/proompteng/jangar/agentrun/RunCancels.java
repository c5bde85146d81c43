package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.WellKnown;
import java.util.Optional;

/** How a run is cancelled because somebody asked for it (agentrun.md 2.7). Pure. */
final class RunCancels {
  private RunCancels() {}

  /** What is to be done; empty for a run that nobody wants stopped. */
  static Optional<RunStep> next(RunView run) {
    if (!run.cancelRequested()) {
      return Optional.empty();
    }
    var message = message(run);
    var work = run.work();
    if (work.isEmpty()) {
      return Optional.of(new RunStep.Drop(message));
    }
    var announced = run.cancelAnnounced().filter(since -> run.submitted().isPresent());
    return Optional.of(
        announced
            .<RunStep>map(since -> new RunStep.Stop(work.get(), since, message))
            .orElseGet(() -> new RunStep.Announce(work.get(), message)));
  }

  private static String message(RunView run) {
    var said = RunView.text(run.meta().annotations().get(WellKnown.CANCEL_REASON));
    return said == null ? "Somebody asked for it" : said;
  }
}

package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.store.Pauses.Pause;
import java.time.Duration;
import java.util.Optional;

/** Whether somebody has paused what a run would be (decision 38). Pure. */
final class RunPauses {
  /** A ring may be lost: then it is seen that late. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private RunPauses() {}

  /** Holds a run that nothing else stands against; work that is there already goes on. */
  static Optional<RunStep> against(RunView run) {
    if (run.work().isPresent()) {
      return Optional.empty();
    }
    return run.paused()
        .map(pause -> said(run, pause))
        .or(() -> agent(run))
        .map(message -> new RunStep.Hold(Reason.Paused, message, AGAIN));
  }

  private static String said(RunView run, Pause pause) {
    var what = pause.everywhere() ? "Everything" : "Namespace " + run.meta().namespace();
    return what + " is paused by " + pause.by() + ": " + pause.reason();
  }

  private static Optional<String> agent(RunView run) {
    return run.agent()
        .map(agent -> agent.metadata())
        .filter(meta -> "true".equals(meta.annotations().get(WellKnown.PAUSED)))
        .map(meta -> "Agent " + meta.name() + " is paused");
  }
}

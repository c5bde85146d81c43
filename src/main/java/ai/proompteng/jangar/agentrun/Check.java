package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.core.Reason;
import java.util.Optional;

/** One thing that may stand against a run: the step it then needs, or nothing. Pure. */
@FunctionalInterface
interface Check {
  Optional<RunStep> against(RunView run);

  static Optional<RunStep> pass() {
    return Optional.empty();
  }

  static Optional<RunStep> refuse(Reason reason, String message) {
    return Optional.of(new RunStep.Refuse(reason, message));
  }

  /** Refuses what is not built yet, by the field that asks for it (decision 47). */
  static Optional<RunStep> notYet(boolean asked, String field) {
    return asked
        ? refuse(Reason.NotSupportedYet, field + " is not supported yet")
        : Optional.empty();
  }
}

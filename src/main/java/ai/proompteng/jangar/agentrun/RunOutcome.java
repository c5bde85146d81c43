package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunStatus.Contract;
import ai.proompteng.jangar.api.Artifact;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState;
import java.time.Duration;
import java.util.List;

/** What came of a step, for the report. */
public sealed interface RunOutcome {

  /** Nothing that the status would say. */
  record Nothing() implements RunOutcome {}

  record Held(Reason reason, String message, Duration again) implements RunOutcome {}

  /**
   * It may not start.
   *
   * @param contract null when that was not the reason
   */
  record Refused(Reason reason, String message, Contract contract) implements RunOutcome {
    Refused(Reason reason, String message) {
      this(reason, message, null);
    }
  }

  /**
   * The runtime took the work.
   *
   * @param ref where it is; null until the runtime has said so
   * @param specHash of the spec that was accepted
   * @param artifacts as declared
   * @param contract null when none names keys
   */
  record Started(RuntimeRef ref, String specHash, List<Artifact> artifacts, Contract contract)
      implements RunOutcome {
    Started at(RuntimeRef where) {
      return new Started(where, specHash, artifacts, contract);
    }
  }

  /** The work was looked at. */
  record Observed(RuntimeState state) implements RunOutcome {}

  /** The run was stopped for that reason. */
  record Stopped(Reason reason, String message) implements RunOutcome {}

  /** Its work, which is there, is to be stopped because somebody asked for it. */
  record CancelAsked(RuntimeRef ref, String message) implements RunOutcome {}

  /** Its work was told to stop and has not yet. */
  record Stopping(Duration again) implements RunOutcome {}

  /**
   * It was cancelled because somebody asked for it.
   *
   * @param confirmed false when its work may still go on
   */
  record Cancelled(RuntimeState.Ended end, boolean confirmed) implements RunOutcome {}

  record Shelved() implements RunOutcome {}
}

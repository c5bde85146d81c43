package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunSpec;
import ai.proompteng.jangar.runtime.RuntimeRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** The one thing a run needs next. Each has a route of its own, {@code agentrun-<verb>}. */
public sealed interface RunStep {

  /** A finalizer, before anything exists that a deletion would have to undo. */
  record Guard() implements RunStep {}

  /** Its idempotency key is asked for. */
  record Reserve(String key) implements RunStep {}

  /** Nothing stands against it: its ImplementationSpec is read as it is now. */
  record Accept() implements RunStep {}

  /** Its work is handed to the runtime. */
  record Submit(RunSpec spec, RunOutcome.Started outcome) implements RunStep {}

  /** Its work is looked at. */
  record Observe(RuntimeRef ref) implements RunStep {}

  /** It waits; {@code again} says when to look again though nothing rings. */
  record Hold(Reason reason, String message, Duration again) implements RunStep {}

  /**
   * It ends Failed without having run.
   *
   * @param contract what its task asks for; null when that was not the reason
   */
  record Refuse(Reason reason, String message, AgentRunStatus.Contract contract)
      implements RunStep {
    Refuse(Reason reason, String message) {
      this(reason, message, null);
    }
  }

  /** Its work is stopped and it ends Failed. */
  record Fail(RuntimeRef ref, Reason reason, String message) implements RunStep {}

  /** It is cancelled before it has any work. */
  record Drop(String message) implements RunStep {}

  /** Its work is to be stopped: that is written down first. */
  record Announce(RuntimeRef ref, String message) implements RunStep {}

  /**
   * Its work is stopped, and it ends Cancelled once nothing of it goes on.
   *
   * @param askedAt when that was written down
   */
  record Stop(RuntimeRef ref, Instant askedAt, String message) implements RunStep {}

  /** It is a template: what runs is taken away, and it lies still. */
  record Shelve(Optional<RuntimeRef> work) implements RunStep {}

  /**
   * It is final: whoever waited for that is told.
   *
   * @param late work that appeared after the run was cancelled: it is taken away
   */
  record Settle(Optional<RuntimeRef> late) implements RunStep {}

  /** It is being deleted: what it left is taken away, then its finalizer. */
  record Release(Optional<RuntimeRef> work) implements RunStep {}

  /** Nothing. */
  record Rest() implements RunStep {}

  /** The word that picks its route. */
  default String verb() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}

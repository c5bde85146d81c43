package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.store.Journal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Says what came of a step: first to PostgreSQL, then in the status, then as Kubernetes Events, so
 * that nothing is acted on unrecorded and a crash between them repeats and loses nothing.
 */
public final class RunReporter {
  private static final Set<Reason> POLICY =
      EnumSet.of(
          Reason.SecretNotAllowed,
          Reason.ServiceAccountNotAllowed,
          Reason.ImplementationSourceProviderNotAllowed,
          Reason.PodSecurityNotAllowed,
          Reason.EnvNotAllowed,
          Reason.SystemPromptOverrideNotAllowed);

  /** A running run is looked at this often though nothing rings. */
  private static final Duration RESYNC = Duration.ofSeconds(60);

  private static final Duration SOON = Duration.ofSeconds(1);

  private final RunStatuses statuses;
  private final RunLoader loader;
  private final Journal journal;
  private final StatusWriter writer;
  private final Events events;
  private final RunTelemetry telemetry;
  private final Clock clock;

  public RunReporter(
      RunStatuses statuses,
      RunLoader loader,
      Journal journal,
      StatusWriter writer,
      Events events,
      RunTelemetry telemetry,
      Clock clock) {
    this.statuses = statuses;
    this.loader = loader;
    this.journal = journal;
    this.writer = writer;
    this.events = events;
    this.telemetry = telemetry;
    this.clock = clock;
  }

  /** Writes the run's row, unless an earlier pass has: before anything is done for it. */
  void seen(RunView view) {
    if (view.run().status().phase() == null) {
      var pending = new StatusDraft(view.run().status(), clock.instant());
      pending.phase = Phase.Pending.name();
      journal.record(
          RunRows.row(view, pending.build()),
          Optional.of(new Journal.PhaseChange("", Phase.Pending.name(), null, null)),
          List.of());
    }
  }

  /** Writes down that policy let the run pass, or by what it refused it (agentrun.md 3.6). */
  void judged(RunView view, RunStep step) {
    if (step instanceof RunStep.Submit) {
      judged(view, true, Reason.Submitted, "");
    } else if (step instanceof RunStep.Refuse refused && POLICY.contains(refused.reason())) {
      judged(view, false, refused.reason(), refused.message());
    }
  }

  private void judged(RunView view, boolean allowed, Reason reason, String message) {
    if (journal.decided(view.meta().uid(), allowed, reason.name(), message)) {
      telemetry.judged(allowed, reason);
    }
  }

  /**
   * Reports the outcome.
   *
   * @return when to look again though nothing rings; empty for a run that is done with
   */
  Optional<Duration> report(RunView view, RunOutcome outcome) {
    if (outcome instanceof RunOutcome.Nothing) {
      return Optional.empty();
    }
    var now = clock.instant();
    var generation = view.meta().generation();
    var next = statuses.after(view.run(), outcome, generation, now);
    record(view, next, outcome);
    var written =
        writer.write(
            Kind.AGENT_RUN, view.run(), run -> statuses.after(run, outcome, generation, now));
    if (written.isPresent()) {
      telemetry.reported(view, outcome, next);
      if (changed(view, next)) {
        tell(view, next, outcome);
      }
    }
    return again(outcome, next);
  }

  private void record(RunView view, AgentRunStatus next, RunOutcome outcome) {
    var told = events(view, next);
    if (changed(view, next)) {
      var from = outcome instanceof RunOutcome.Started ? "Pending" : phase(view);
      journal.record(
          RunRows.row(view, next),
          Optional.of(new Journal.PhaseChange(from, next.phase(), next.reason(), next.message())),
          told);
    } else if (!told.isEmpty()) {
      journal.record(RunRows.row(view, next), Optional.empty(), told);
    }
  }

  private List<Event> events(RunView view, AgentRunStatus next) {
    var types = new ArrayList<String>();
    if (blocked(next) && !blocked(view.run().status())) {
      types.add("run.blocked");
    }
    if (changed(view, next) && Phase.Running.name().equals(next.phase())) {
      types.add("run.started");
    }
    if (changed(view, next) && Phase.of(next.phase()).filter(Phase::isFinal).isPresent()) {
      types.add("run.finished");
    }
    return types.stream()
        .map(type -> RunRows.event(type, view, next, loader.remembered(view), clock.instant()))
        .toList();
  }

  private void tell(RunView view, AgentRunStatus next, RunOutcome outcome) {
    if (outcome instanceof RunOutcome.Started started) {
      normal(view, "Submitted", "Job " + started.ref().name());
      normal(view, "Started", "The run is running");
    } else if (Phase.Succeeded.name().equals(next.phase())) {
      normal(view, "Succeeded", "The run succeeded");
    } else if (Phase.Cancelled.name().equals(next.phase())) {
      normal(view, "Cancelled", next.message());
    } else if (Phase.Failed.name().equals(next.phase())) {
      events.warning(Kind.AGENT_RUN, view.meta(), "Failed", next.reason() + ": " + next.message());
    }
  }

  private void normal(RunView view, String reason, String message) {
    events.normal(Kind.AGENT_RUN, view.meta(), reason, message);
  }

  private static Optional<Duration> again(RunOutcome outcome, AgentRunStatus next) {
    if (outcome instanceof RunOutcome.Held held) {
      return Optional.of(held.again());
    }
    if (outcome instanceof RunOutcome.Stopping stopping) {
      return Optional.of(stopping.again());
    }
    if (outcome instanceof RunOutcome.CancelAsked) {
      return Optional.of(SOON);
    }
    if (outcome instanceof RunOutcome.Observed observed
        && observed.state() instanceof RuntimeState.Working working) {
      return Optional.of(working.lookAgain());
    }
    if (Phase.Running.name().equals(next.phase())) {
      return Optional.of(RESYNC);
    }
    return Optional.of(SOON); // settle what ended, submit what was lost
  }

  private static boolean changed(RunView view, AgentRunStatus next) {
    return !Objects.equals(view.run().status().phase(), next.phase());
  }

  private static String phase(RunView view) {
    return Objects.requireNonNullElse(view.run().status().phase(), "");
  }

  private static boolean blocked(AgentRunStatus status) {
    return Conditions.holds(status.conditions(), "Blocked");
  }
}

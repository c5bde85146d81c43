package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.artifact.ArtifactList;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.runtime.RuntimeState.Working;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Says of a run what came of a step: the complete status (agentrun.md 1.2, 2.3). Pure. */
public final class RunStatuses {
  /** Endings that say nothing against the spec. */
  private static final Set<Reason> NOT_THE_SPECS_FAULT = Set.of(Reason.SubmitFailed);

  private static final Set<Reason> DUPLICATES =
      Set.of(Reason.IdempotencyKeyInUse, Reason.IdempotencyKeyCompleted);

  private static final Reason EXCEEDED = Reason.ArtifactsLimitExceeded;
  private static final String LIMITED = "ArtifactsLimited";

  private final int artifactsMax;
  private final boolean artifactsStrict;

  /**
   * @param artifactsMax how many artifacts a status keeps
   * @param artifactsStrict whether more than that ends a run as failed (agentrun.md 9)
   */
  public RunStatuses(int artifactsMax, boolean artifactsStrict) {
    this.artifactsMax = artifactsMax;
    this.artifactsStrict = artifactsStrict;
  }

  /**
   * The status after that outcome; the same when it says nothing new, or when the run is final.
   *
   * @param generation of the spec that the outcome is about
   */
  public AgentRunStatus after(
      Resource<AgentRunSpec, AgentRunStatus> run,
      RunOutcome outcome,
      Long generation,
      Instant now) {
    var old = run.status();
    if (Phase.of(old.phase()).filter(Phase::isFinal).isPresent()) {
      return old;
    }
    var next = new StatusDraft(old, now.truncatedTo(ChronoUnit.SECONDS));
    if (outcome instanceof RunOutcome.Held held) {
      held(next, held);
    } else if (outcome instanceof RunOutcome.Refused refused) {
      refused(next, refused);
    } else if (outcome instanceof RunOutcome.Started started) {
      started(next, run, started);
    } else if (outcome instanceof RunOutcome.Observed observed) {
      observed(next, run, observed.state());
    } else if (outcome instanceof RunOutcome.Stopped stopped) {
      failed(next, stopped.reason().name(), stopped.message(), null);
    } else if (outcome instanceof RunOutcome.CancelAsked asked) {
      cancelAsked(next, asked);
    } else if (outcome instanceof RunOutcome.Cancelled cancelled) {
      cancelled(next, run.spec(), cancelled);
    } else if (outcome instanceof RunOutcome.Shelved) {
      shelved(next);
    } else {
      return old;
    }
    next.observedGeneration = generation;
    return next.build();
  }

  private void held(StatusDraft next, RunOutcome.Held held) {
    if (next.runtimeRef != null) {
      return; // somebody has submitted it meanwhile
    }
    next.phase = Phase.Pending.name();
    next.why = held.reason().name();
    next.say(blocked(next, held));
    next.say(Condition.no("InvalidSpec", Reason.None, ""));
  }

  /** Why it is not submitted is said once, in the first words: others come with every try. */
  private static Condition blocked(StatusDraft next, RunOutcome.Held held) {
    return Conditions.find(next.conditions(), "Blocked")
        .filter(Condition::holds)
        .filter(standing -> held.reason() == Reason.SubmitRetry)
        .filter(standing -> held.reason().name().equals(standing.reason()))
        .orElse(Condition.yes("Blocked", held.reason(), held.message()));
  }

  private void refused(StatusDraft next, RunOutcome.Refused refused) {
    var reason = refused.reason();
    next.contract = refused.contract() == null ? next.contract : refused.contract();
    if (DUPLICATES.contains(reason)) {
      next.say(Condition.yes("Duplicate", reason, refused.message()));
    } else if (!NOT_THE_SPECS_FAULT.contains(reason)) {
      next.say(Condition.yes("InvalidSpec", reason, refused.message()));
    }
    next.say(Condition.no("Accepted", reason, refused.message()));
    failed(next, reason.name(), refused.message(), null);
  }

  private void started(
      StatusDraft next, Resource<AgentRunSpec, AgentRunStatus> run, RunOutcome.Started started) {
    next.phase = Phase.Running.name();
    next.why = null;
    next.runtimeRef = started.ref().toMap();
    next.startedAt = next.startedAt == null ? started.ref().observedAt() : next.startedAt;
    next.specHash = next.specHash == null ? started.specHash() : next.specHash;
    next.contract = started.contract();
    next.artifacts(ArtifactList.of(started.artifacts(), artifactsMax));
    next.say(Condition.yes("Accepted", Reason.Submitted, "The runtime has the work"));
    next.say(Condition.yes("InProgress", Reason.Running, ""));
    next.say(Condition.no("InvalidSpec", Reason.None, ""));
    next.notBlocked();
    next.say(Warnings.standing(run.spec(), next.specHash));
  }

  private void observed(
      StatusDraft next, Resource<AgentRunSpec, AgentRunStatus> run, RuntimeState state) {
    if (state instanceof RuntimeState.Absent) {
      next.phase = Phase.Pending.name(); // the next pass submits it again
      next.runtimeRef = null;
      next.say(Condition.no("InProgress", Reason.SubmitRetry, "The work was never seen"));
    } else if (state instanceof Working working) {
      next.phase = Phase.Running.name();
      next.why = working.why();
      next.notBlocked();
      next.say(warning(next, run.spec(), working));
    } else if (state instanceof Ended ended) {
      ended(next, run.spec(), ended);
    }
  }

  /** The first words about a trouble stay: those of a cluster change with every look. */
  private static Condition warning(StatusDraft next, AgentRunSpec spec, Working working) {
    if (working.why() == null) {
      return Warnings.standing(spec, next.specHash);
    }
    return Conditions.find(next.conditions(), "Warning")
        .filter(Condition::holds)
        .filter(warning -> working.why().equals(warning.reason()))
        .orElse(new Condition("Warning", "True", working.why(), working.message(), null));
  }

  private void ended(StatusDraft next, AgentRunSpec spec, Ended ended) {
    next.runner = RunnerWords.kept(ended.runner());
    var excess = excess(next, ended);
    next.say(
        Reason.JobMissing.name().equals(ended.reason())
            ? Condition.yes("Warning", Reason.JobMissing, ended.message())
            : Warnings.standing(spec, next.specHash));
    excess.ifPresent(words -> next.say(Condition.yes(EXCEEDED.name(), EXCEEDED, words)));
    switch (ended.phase()) {
      case Succeeded -> {
        if (excess.isPresent()) {
          failed(next, EXCEEDED.name(), excess.get(), ended.finishedAt());
        } else {
          succeeded(next, ended);
        }
      }
      case Cancelled -> cancelled(next, ended);
      default -> failed(next, ended.reason(), ended.message(), ended.finishedAt());
    }
  }

  /** Takes the last artifacts in; what was too much of all, where that is looked at strictly. */
  private Optional<String> excess(StatusDraft next, Ended ended) {
    var earlier =
        Conditions.find(next.conditions(), LIMITED)
            .filter(Condition::holds)
            .filter(limited -> !Reason.MissingName.name().equals(limited.reason()))
            .map(Condition::message);
    var list = ArtifactList.of(RunnerWords.artifacts(next.artifacts, ended.runner()), artifactsMax);
    next.artifacts(list);
    return Optional.of(list)
        .filter(ArtifactList::exceeded)
        .map(ArtifactList::message)
        .or(() -> earlier)
        .filter(words -> artifactsStrict);
  }

  private void succeeded(StatusDraft next, Ended ended) {
    next.phase = Phase.Succeeded.name();
    next.reason = null;
    next.message = null;
    next.why = null;
    next.finished(ended.finishedAt());
    next.say(new Condition("Succeeded", "True", ended.reason(), ended.message(), null));
  }

  private void cancelled(StatusDraft next, Ended ended) {
    bad(next, Phase.Cancelled, ended.reason(), ended.message(), ended.finishedAt());
  }

  private void failed(StatusDraft next, String reason, String message, Instant at) {
    bad(next, Phase.Failed, reason, message, at);
  }

  private void bad(StatusDraft next, Phase phase, String reason, String message, Instant at) {
    next.phase = phase.name();
    next.reason = reason;
    next.message = Objects.requireNonNullElse(message, "");
    next.why = reason;
    next.finished(at);
    next.say(new Condition("Succeeded", "False", reason, message, null));
    next.say(new Condition(phase.name(), "True", reason, message, null));
  }

  private void cancelAsked(StatusDraft next, RunOutcome.CancelAsked asked) {
    if (next.runtimeRef == null) { // nobody had said yet that it was submitted
      next.phase = Phase.Running.name();
      next.runtimeRef = asked.ref().toMap();
      next.startedAt = next.startedAt == null ? asked.ref().observedAt() : next.startedAt;
      next.say(Condition.yes("Accepted", Reason.Submitted, "The runtime has the work"));
      next.say(Condition.yes("InProgress", Reason.Running, ""));
      next.notBlocked();
    }
    next.why = Reason.CancelRequested.name();
    next.say(
        new Condition(
            Phase.Cancelled.name(),
            "Unknown",
            Reason.CancelRequested.name(),
            asked.message(),
            null));
  }

  private void cancelled(StatusDraft next, AgentRunSpec spec, RunOutcome.Cancelled cancelled) {
    ended(next, spec, cancelled.end());
    if (!cancelled.confirmed()) {
      next.say(
          Condition.yes(
              "Warning",
              Reason.CancelUnconfirmed,
              "Nobody has confirmed in time that the work has stopped"));
    }
  }

  private void shelved(StatusDraft next) {
    next.phase = Phase.Template.name();
    next.why = null;
    next.runtimeRef = null;
    next.notBlocked();
    next.say(Condition.yes("Ready", Reason.Template, "It is a template and does not run"));
  }
}

package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RuntimeState.Absent;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.telemetry.Decision;
import ai.proompteng.jangar.telemetry.LogKeys;
import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the log and the meters say of runs (agentrun.md appendix C): a line for each decision that
 * is news, the same again only at DEBUG.
 */
public final class RunTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(RunTelemetry.class);
  private static final Set<String> RUNTIMES =
      Set.of("workflow", "job", "argo", "temporal", "custom");
  private static final Set<String> TRACKERS = Set.of("github", "linear", "custom", "manual");
  private static final Set<Reason> CONFIG_MISSING =
      Set.of(Reason.MissingRuntime, Reason.MissingWorkloadImage, Reason.MissingBinary);

  private final RunLoader loader;
  private final Meters meters;
  private final Clock clock;

  public RunTelemetry(RunLoader loader, Meters meters, Clock clock) {
    this.loader = loader;
    this.meters = meters;
    this.clock = clock;
  }

  /** A pass begins. */
  void started(RunView view) {
    if (LOG.isDebugEnabled()) {
      say(Decision.RECONCILE_STARTED, Level.DEBUG, view, view.run().status(), null);
    }
  }

  /** The status says what came of a step. */
  void reported(RunView view, RunOutcome outcome, AgentRunStatus next) {
    var old = view.run().status();
    for (var decision : decisions(outcome, next)) {
      say(decision, isNews(old, next) ? decision.level() : Level.DEBUG, view, next, outcome);
    }
    if (!Objects.equals(old.phase(), next.phase())) {
      count(view, outcome, next);
    }
  }

  /** Policy has said that for the first time. */
  void judged(boolean allowed, Reason check) {
    meters.count(
        Measure.POLICY_DECISIONS, allowed ? "all" : check.name(), allowed ? "allowed" : "denied");
  }

  /** A deleted run may go though something of it is left. */
  void cleanupFailed(RunView view, RuntimeException cause) {
    LOG.atLevel(Decision.RUNTIME_CLEANUP_FAILED.level())
        .addKeyValue(LogKeys.DECISION, Decision.RUNTIME_CLEANUP_FAILED.word())
        .addKeyValue(LogKeys.NAMESPACE, view.meta().namespace())
        .addKeyValue(LogKeys.RUN_NAME, view.meta().name())
        .addKeyValue(LogKeys.RUN_UID, view.meta().uid())
        .addKeyValue(LogKeys.REASON, cause.getMessage())
        .log(Decision.RUNTIME_CLEANUP_FAILED.message());
  }

  /** What was decided, in the order that it is told in. Pure. */
  static List<Decision> decisions(RunOutcome outcome, AgentRunStatus next) {
    var decisions = new ArrayList<Decision>();
    if (outcome instanceof RunOutcome.Started) {
      decisions.add(Decision.RECONCILE_SUBMITTED);
    } else if (outcome instanceof RunOutcome.Held held) {
      decisions.add(
          held.reason() == Reason.SubmitRetry
              ? Decision.RECONCILE_SUBMIT_FAILED
              : Decision.RECONCILE_BLOCKED);
    } else if (outcome instanceof RunOutcome.Refused refused) {
      refusal(refused.reason(), next).ifPresent(decisions::add);
    } else if (outcome instanceof RunOutcome.Observed observed
        && (observed.state() instanceof Absent
            || observed.state() instanceof Ended ended
                && Reason.JobMissing.name().equals(ended.reason()))) {
      decisions.add(Decision.RECONCILE_RUNTIME_ORPHANED);
    }
    if (Phase.of(next.phase()).filter(Phase::isFinal).isPresent()) {
      decisions.add(Decision.RECONCILE_TERMINAL);
    }
    return decisions;
  }

  private static Optional<Decision> refusal(Reason reason, AgentRunStatus next) {
    if (reason == Reason.SubmitFailed) {
      return Optional.of(Decision.RECONCILE_SUBMIT_FAILED);
    }
    if (CONFIG_MISSING.contains(reason)) {
      return Optional.of(Decision.RECONCILE_RUNTIME_CONFIG_MISSING);
    }
    return Conditions.holds(next.conditions(), "InvalidSpec")
        ? Optional.of(Decision.RECONCILE_INVALID_SPEC)
        : Optional.empty();
  }

  private static boolean isNews(AgentRunStatus old, AgentRunStatus next) {
    return !Objects.equals(old.phase(), next.phase()) || !Objects.equals(old.why(), next.why());
  }

  private void say(
      Decision decision, Level level, RunView view, AgentRunStatus next, RunOutcome outcome) {
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    var meta = view.meta();
    var line =
        LOG.atLevel(level)
            .addKeyValue(LogKeys.DECISION, decision.word())
            .addKeyValue(LogKeys.NAMESPACE, meta.namespace())
            .addKeyValue(LogKeys.RUN_NAME, meta.name())
            .addKeyValue(LogKeys.RUN_UID, meta.uid());
    for (var field : details(view, next, outcome).entrySet()) {
      line = line.addKeyValue(field.getKey(), field.getValue());
    }
    line.addKeyValue(LogKeys.DURATION, Duration.between(view.now(), clock.instant()).toMillis())
        .log(decision.message());
  }

  /** What is known of it; what is not has no field. */
  private Map<String, Object> details(RunView view, AgentRunStatus next, RunOutcome outcome) {
    var details = new java.util.LinkedHashMap<String, Object>();
    loader
        .remembered(view)
        .filter(task -> task.meta() != null)
        .ifPresent(task -> details.put(LogKeys.SPEC_UID, task.meta().uid()));
    details.put(LogKeys.GENERATION, view.meta().generation());
    details.put(LogKeys.RUNTIME_TYPE, runtime(view));
    details.put(
        LogKeys.REPOSITORY,
        Optional.ofNullable(view.spec().parameters())
            .map(all -> all.get("repository"))
            .orElse(null));
    details.put(LogKeys.PHASE, next.phase());
    details.put(LogKeys.REASON, next.reason() == null ? next.why() : next.reason());
    details.put(
        LogKeys.RUNTIME_REF_NAME,
        outcome instanceof RunOutcome.Started started && started.ref() != null
            ? started.ref().name()
            : null);
    details.values().removeIf(Objects::isNull);
    return details;
  }

  private void count(RunView view, RunOutcome outcome, AgentRunStatus next) {
    var runtime = runtime(view);
    meters.count(
        Measure.RUNS, Kind.AGENT_RUN.kind(), runtime, tracker(view), String.valueOf(next.phase()));
    Phase.of(next.phase())
        .filter(Phase::isFinal)
        .ifPresent(
            phase ->
                meters.count(Measure.RUN_OUTCOMES, phase.name().toLowerCase(Locale.ROOT), runtime));
    if (outcome instanceof RunOutcome.Started && view.meta().creationTimestamp() != null) {
      var waited = Duration.between(view.meta().creationTimestamp(), clock.instant());
      meters.observe(Measure.RUN_SUBMIT_LATENCY, waited.isNegative() ? Duration.ZERO : waited);
    }
  }

  /** A word of a closed set, since labels must not grow with what somebody writes. */
  private static String runtime(RunView view) {
    var runtime = view.spec().runtime();
    return runtime == null || !RUNTIMES.contains(String.valueOf(runtime.type()))
        ? "other"
        : runtime.type();
  }

  private String tracker(RunView view) {
    var source = loader.remembered(view).map(task -> task.spec().source()).orElse(null);
    if (source == null || source.provider() == null) {
      return "none";
    }
    return TRACKERS.contains(source.provider()) ? source.provider() : "other";
  }
}

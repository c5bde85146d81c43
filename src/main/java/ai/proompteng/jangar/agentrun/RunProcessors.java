package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Guards;
import ai.proompteng.jangar.runtime.RuntimeAdapter;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The hands of a run's routes. The variable {@code run} holds the {@link RunView}, {@code step} the
 * {@link RunStep}; each verb's route leaves a {@link RunOutcome} in the body.
 */
public final class RunProcessors {
  static final String RUN = "run";
  static final String STEP = "step";

  /** When the {@code reconcile:} component shall ring the key again; a {@link Duration}. */
  private static final String REQUEUE_AFTER = "JangarRequeueAfter";

  private final RunLoader loader;
  private final RunReporter reporter;
  private final RunAftermath aftermath;
  private final RuntimeAdapter runtime;
  private final Guards guards;

  public RunProcessors(
      RunLoader loader,
      RunReporter reporter,
      RunAftermath aftermath,
      RuntimeAdapter runtime,
      Guards guards) {
    this.loader = loader;
    this.reporter = reporter;
    this.aftermath = aftermath;
    this.runtime = runtime;
    this.guards = guards;
  }

  /** Every step by the name that routes call it by. */
  public Map<String, Processor> byName() {
    return Map.ofEntries(
        Map.entry("loadRun", this::load),
        Map.entry("guardRun", this::guard),
        Map.entry("reserveRunKey", this::reserve),
        Map.entry("readImplementation", this::accept),
        Map.entry("recordRun", this::record),
        Map.entry("submitRun", this::submit),
        Map.entry("observeRun", this::observe),
        Map.entry("harvestRun", this::harvest),
        Map.entry("holdRun", this::hold),
        Map.entry("refuseRun", this::refuse),
        Map.entry("stopRun", this::stop),
        Map.entry("shelveRun", this::shelve),
        Map.entry("settleRun", this::settle),
        Map.entry("clearRun", this::clear),
        Map.entry("unguardRun", this::unguard),
        Map.entry("reportRun", this::report));
  }

  private void load(Exchange exchange) {
    var key = exchange.getMessage().getBody(Key.class);
    var view = loader.load(key);
    if (view.isEmpty()) {
      exchange.setRouteStop(true); // gone: there is nobody to speak of
    }
    exchange.setVariable(RUN, view.orElse(null));
  }

  private void guard(Exchange exchange) {
    var view = view(exchange);
    var guarded = guards.add(Kind.AGENT_RUN, view.run(), WellKnown.RUNTIME_CLEANUP);
    if (guarded.isEmpty()) {
      exchange.setRouteStop(true);
      return;
    }
    exchange.setVariable(RUN, view.with(guarded.get()));
  }

  private void reserve(Exchange exchange) {
    var view = view(exchange);
    var key = step(exchange, RunStep.Reserve.class).key();
    exchange.setVariable(RUN, view.with(aftermath.keyHolder(view, key)));
  }

  private void accept(Exchange exchange) {
    exchange.setVariable(RUN, loader.accept(view(exchange)));
  }

  private void record(Exchange exchange) {
    reporter.seen(view(exchange));
  }

  private void submit(Exchange exchange) {
    var view = view(exchange);
    var step = step(exchange, RunStep.Submit.class);
    exchange.getMessage().setBody(submitted(view, step));
  }

  private RunOutcome submitted(RunView view, RunStep.Submit step) {
    try {
      return step.outcome().at(runtime.submit(step.spec()));
    } catch (Rejected e) {
      return new RunOutcome.Refused(Reason.SubmitFailed, e.getMessage());
    } catch (Unreachable e) {
      // minutes of trouble belong to the state: it says so once, and is tried again ever later
      return Patience.outOfTime(view)
          ? new RunOutcome.Refused(Reason.SubmitFailed, "It could not be submitted in time")
          : new RunOutcome.Held(
              Reason.SubmitRetry, "The runtime does not answer", Patience.retry(view));
    }
  }

  private void observe(Exchange exchange) {
    var ref = step(exchange, RunStep.Observe.class).ref();
    var state = runtime.observe(ref);
    if (state instanceof Ended ended && ended.stillThere()) {
      runtime.cancel(ref);
    }
    exchange.getMessage().setBody(new RunOutcome.Observed(state));
  }

  private void harvest(Exchange exchange) {
    var outcome = exchange.getMessage().getBody(RunOutcome.Observed.class);
    if (outcome.state() instanceof Ended ended) {
      aftermath.harvest(view(exchange), step(exchange, RunStep.Observe.class).ref(), ended);
    }
  }

  private void hold(Exchange exchange) {
    var step = step(exchange, RunStep.Hold.class);
    exchange
        .getMessage()
        .setBody(new RunOutcome.Held(step.reason(), step.message(), step.again()));
  }

  private void refuse(Exchange exchange) {
    var step = step(exchange, RunStep.Refuse.class);
    exchange.getMessage().setBody(new RunOutcome.Refused(step.reason(), step.message()));
  }

  private void stop(Exchange exchange) {
    var step = step(exchange, RunStep.Cancel.class);
    runtime.cancel(step.ref());
    exchange.getMessage().setBody(new RunOutcome.Stopped(step.reason(), step.message()));
  }

  private void shelve(Exchange exchange) {
    step(exchange, RunStep.Shelve.class).work().ifPresent(runtime::discard);
    exchange.getMessage().setBody(new RunOutcome.Shelved());
  }

  private void settle(Exchange exchange) {
    aftermath.settle(view(exchange));
  }

  private void clear(Exchange exchange) {
    Optional<RuntimeRef> work = step(exchange, RunStep.Release.class).work();
    aftermath.clear(view(exchange), work);
  }

  private void unguard(Exchange exchange) {
    guards.remove(Kind.AGENT_RUN, view(exchange).run(), WellKnown.RUNTIME_CLEANUP);
  }

  private void report(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof RunOutcome outcome) {
      reporter
          .report(view(exchange), outcome)
          .ifPresent(again -> exchange.setProperty(REQUEUE_AFTER, again));
    }
  }

  private static RunView view(Exchange exchange) {
    return exchange.getVariable(RUN, RunView.class);
  }

  private static <T extends RunStep> T step(Exchange exchange, Class<T> type) {
    return exchange.getVariable(STEP, type);
  }
}

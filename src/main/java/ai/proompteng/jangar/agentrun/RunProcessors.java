package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.camel.reconcile.ReconcileConstants;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Guards;
import ai.proompteng.jangar.runtime.RuntimeAdapter;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.telemetry.Followed;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * The hands of a run's routes. The variable {@code run} holds the {@link RunView}, {@code step} the
 * {@link RunStep}; each verb's route leaves a {@link RunOutcome} in the body.
 */
public final class RunProcessors {
  static final String RUN = "run";
  static final String STEP = "step";

  private final RunLoader loader;
  private final RunReporter reporter;
  private final RunAftermath aftermath;
  private final RunStops stops;
  private final RuntimeAdapter runtime;
  private final Guards guards;
  private final RunTelemetry telemetry;

  public RunProcessors(
      RunLoader loader,
      RunReporter reporter,
      RunAftermath aftermath,
      RunStops stops,
      RuntimeAdapter runtime,
      Guards guards,
      RunTelemetry telemetry) {
    this.loader = loader;
    this.reporter = reporter;
    this.aftermath = aftermath;
    this.stops = stops;
    this.runtime = runtime;
    this.guards = guards;
    this.telemetry = telemetry;
  }

  /** Body: the {@link Key} that rang. A run that is gone ends the exchange. */
  void load(Exchange exchange) {
    var key = exchange.getMessage().getBody(Key.class);
    var view = loader.load(key);
    if (view.isEmpty()) {
      exchange.setRouteStop(true); // gone: there is nobody to speak of
    }
    view.ifPresent(
        run -> {
          Followed.by(run.meta().traceId());
          exchange.setProperty(ReconcileConstants.UNDECODABLE, run.undecodable().isPresent());
          telemetry.started(run);
        });
    exchange.setVariable(RUN, view.orElse(null));
  }

  /** Puts the finalizer on. */
  void guard(Exchange exchange) {
    var view = view(exchange);
    var guarded = guards.add(Kind.AGENT_RUN, view.run(), WellKnown.RUNTIME_CLEANUP);
    if (guarded.isEmpty()) {
      exchange.setRouteStop(true);
      return;
    }
    exchange.setVariable(RUN, view.with(guarded.get()));
  }

  /** Asks for the idempotency key. */
  void reserve(Exchange exchange) {
    var view = view(exchange);
    var key = step(exchange, RunStep.Reserve.class).key();
    exchange.setVariable(RUN, view.with(aftermath.keyHolder(view, key)));
  }

  /** Reads the ImplementationSpec live. */
  void accept(Exchange exchange) {
    exchange.setVariable(RUN, loader.accept(view(exchange)));
  }

  /** Writes the row of a run that is seen for the first time. */
  void record(Exchange exchange) {
    reporter.seen(view(exchange));
  }

  /** Writes down what policy said of the run. */
  void audit(Exchange exchange) {
    reporter.judged(view(exchange), exchange.getVariable(STEP, RunStep.class));
  }

  /** Hands the work to the runtime. */
  void submit(Exchange exchange) {
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
              Reason.SubmitRetry, "Not submitted yet: " + e.getMessage(), Patience.retry(view));
    }
  }

  /** Looks at the work, and stops what would go on for ever. */
  void observe(Exchange exchange) {
    var ref = step(exchange, RunStep.Observe.class).ref();
    var state = aftermath.remembered(view(exchange), runtime.observe(ref));
    if (state instanceof Ended ended && ended.stillThere()) {
      runtime.cancel(ref);
    }
    exchange.getMessage().setBody(new RunOutcome.Observed(state));
  }

  /** Keeps the end of the log, once the work is over. */
  void harvest(Exchange exchange) {
    var outcome = exchange.getMessage().getBody(RunOutcome.Observed.class);
    if (outcome.state() instanceof Ended ended) {
      var ref = step(exchange, RunStep.Observe.class).ref();
      var harvested = aftermath.harvest(view(exchange), ref, ended);
      exchange.getMessage().setBody(new RunOutcome.Observed(harvested));
    }
  }

  void hold(Exchange exchange) {
    var step = step(exchange, RunStep.Hold.class);
    exchange.getMessage().setBody(new RunOutcome.Held(step.reason(), step.message(), step.again()));
  }

  void refuse(Exchange exchange) {
    var step = step(exchange, RunStep.Refuse.class);
    view(exchange)
        .stray()
        .ifPresent(runtime::discard); // its slot is freed: nothing may go on in it
    exchange
        .getMessage()
        .setBody(new RunOutcome.Refused(step.reason(), step.message(), step.contract()));
  }

  /** Ends a cancelled run that has no work. */
  void drop(Exchange exchange) {
    var step = step(exchange, RunStep.Drop.class);
    exchange.getMessage().setBody(stops.drop(view(exchange), step));
  }

  /** Says that the work is to be stopped. */
  void announce(Exchange exchange) {
    var step = step(exchange, RunStep.Announce.class);
    exchange.getMessage().setBody(stops.announce(view(exchange), step));
  }

  /** Stops the work of a cancelled run. */
  void stop(Exchange exchange) {
    var step = step(exchange, RunStep.Stop.class);
    exchange.getMessage().setBody(stops.stop(view(exchange), step));
  }

  /** Stops the work of a run that fails. */
  void fail(Exchange exchange) {
    var step = step(exchange, RunStep.Fail.class);
    runtime.cancel(step.ref());
    exchange.getMessage().setBody(new RunOutcome.Stopped(step.reason(), step.message()));
  }

  /** Takes away what a template has running. */
  void shelve(Exchange exchange) {
    step(exchange, RunStep.Shelve.class).work().ifPresent(runtime::discard);
    exchange.getMessage().setBody(new RunOutcome.Shelved());
  }

  void settle(Exchange exchange) {
    aftermath.settle(view(exchange), step(exchange, RunStep.Settle.class).late());
  }

  void clear(Exchange exchange) {
    Optional<RuntimeRef> work = step(exchange, RunStep.Release.class).work();
    aftermath.clear(view(exchange), work);
  }

  /** Takes the finalizer off. */
  void unguard(Exchange exchange) {
    guards.remove(Kind.AGENT_RUN, view(exchange).run(), WellKnown.RUNTIME_CLEANUP);
  }

  /** Says what came of it, and when to ring again. */
  void report(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof RunOutcome outcome) {
      reporter
          .report(view(exchange), outcome)
          .ifPresent(again -> exchange.setProperty(ReconcileConstants.REQUEUE_AFTER, again));
    }
  }

  private static RunView view(Exchange exchange) {
    return exchange.getVariable(RUN, RunView.class);
  }

  private static <T extends RunStep> T step(Exchange exchange, Class<T> type) {
    return exchange.getVariable(STEP, type);
  }
}

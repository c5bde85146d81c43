package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.camel.reconcile.ReconcileConstants;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Conflict;
import java.time.Duration;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;

/**
 * A run's whole life: load it, decide, do that one thing, write down what came of it. The order is
 * here, the choice in {@link AgentRunReconciler}, each effect a named step.
 */
public final class AgentRunRoutes extends RouteBuilder {
  private static final String DECIDE = "direct:agentrun-decide";

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final RunProcessors runs;
  private final AgentRunReconciler reconciler;

  public AgentRunRoutes(RunProcessors runs, AgentRunReconciler reconciler) {
    this.runs = runs;
    this.reconciler = reconciler;
  }

  @Override
  public void configure() {
    errorHandler(defaultErrorHandler().logExhausted(false)); // reconcile: tells of it
    seconds();
    life();
    before();
    during();
    cancelled();
    after();
  }

  /** Seconds of trouble are ridden out here; minutes belong to the state, and to the queue. */
  private void seconds() {
    onException(Conflict.class)
        .handled(true)
        .setProperty(ReconcileConstants.REQUEUE_AFTER, constant(LOOK_AGAIN)); // it has moved on
    onException(Unreachable.class)
        .maximumRedeliveries(2)
        .redeliveryDelay(300)
        .useExponentialBackOff()
        .backOffMultiplier(3)
        .logExhausted(false);
  }

  private void life() {
    from("reconcile:agentruns?owns=jobs,pods&uses=agents,agentproviders,implementationspecs")
        .routeId("agentrun-reconcile")
        .routePolicyRef("leader")
        .description("A run that rings is looked at, helped one step on, and reported")
        .process(runs::load)
        .to(DECIDE)
        .process(runs::report);
    from(DECIDE)
        .routeId("agentrun-decide")
        .description("Picks the one step that a run needs next, and takes it")
        .setBody(variable(RunProcessors.RUN))
        .setVariable(RunProcessors.STEP)
        .method(reconciler, "next")
        .toD("direct:agentrun-${variable.step.verb}");
  }

  private void before() {
    verb("guard", "Puts a finalizer on, before anything exists that a deletion must undo")
        .process(runs::guard)
        .to(DECIDE);
    verb("reserve", "Asks for the run's idempotency key").process(runs::reserve).to(DECIDE);
    verb("accept", "Reads the ImplementationSpec as it is now: that is what runs")
        .process(runs::accept)
        .to(DECIDE);
    verb("hold", "Waits, and says for what").process(runs::hold);
    verb("refuse", "Ends a run that may not start").process(runs::audit).process(runs::refuse);
  }

  private void during() {
    verb("submit", "Writes the run down, then hands its work to the runtime")
        .process(runs::record)
        .process(runs::audit)
        .process(runs::submit);
    verb("observe", "Looks at the work, and keeps its log once it is over")
        .process(runs::observe)
        .process(runs::harvest);
    verb("fail", "Stops the work and ends the run").process(runs::fail);
  }

  private void cancelled() {
    verb("drop", "Ends a cancelled run that has no work yet").process(runs::drop);
    verb("announce", "Says that a cancelled run's work is to be stopped").process(runs::announce);
    verb("stop", "Stops a cancelled run's work, keeps what came of it, and ends the run")
        .process(runs::stop);
  }

  private void after() {
    verb("shelve", "Lets a template lie still").process(runs::shelve).process(runs::unguard);
    verb("settle", "Frees the slot of a final run and spends its key").process(runs::settle);
    verb("release", "Removes what a deleted run left, then lets it go")
        .process(runs::clear)
        .process(runs::unguard);
    verb("rest", "There is nothing to do").setBody(constant(new RunOutcome.Nothing()));
  }

  private RouteDefinition verb(String verb, String description) {
    return from("direct:agentrun-" + verb).routeId("agentrun-" + verb).description(description);
  }
}

package ai.proompteng.jangar.agent;

import org.apache.camel.builder.RouteBuilder;

/** How an Agent is reconciled. */
public final class AgentRoutes extends RouteBuilder {
  private final AgentProcessors agents;

  public AgentRoutes(AgentProcessors agents) {
    this.agents = agents;
  }

  @Override
  public void configure() {
    from("reconcile:agents?uses=agentproviders")
        .routeId("agent-reconcile")
        .routePolicyRef("leader")
        .errorHandler(noErrorHandler()) // what fails comes again: reconcile: tells of it
        .description("An Agent is looked at, judged, and told in its status what was found")
        .process(agents::load)
        .setVariable("said")
        .method(new AgentReconciler(), "judge")
        .process(agents::report);
  }
}

package ai.proompteng.jangar.provider;

import org.apache.camel.builder.RouteBuilder;

/** How an AgentProvider is reconciled. */
public final class ProviderRoutes extends RouteBuilder {
  private final ProviderProcessors providers;

  public ProviderRoutes(ProviderProcessors providers) {
    this.providers = providers;
  }

  @Override
  public void configure() {
    from("reconcile:agentproviders")
        .routeId("provider-reconcile")
        .routePolicyRef("leader")
        .errorHandler(noErrorHandler()) // what fails comes again: reconcile: tells of it
        .description("An AgentProvider is looked at, judged, and told in its status what was found")
        .process(providers::load)
        .setVariable("said")
        .method(new ProviderReconciler(), "judge")
        .process(providers::report);
  }
}

package ai.proompteng.jangar.source;

import org.apache.camel.builder.RouteBuilder;

/** How an ImplementationSource is reconciled. */
public final class SourceRoutes extends RouteBuilder {
  private final SourceProcessors sources;
  private final SourceReconciler reconciler;

  public SourceRoutes(SourceProcessors sources, SourceReconciler reconciler) {
    this.sources = sources;
    this.reconciler = reconciler;
  }

  @Override
  public void configure() {
    from("reconcile:implementationsources")
        .routeId("source-reconcile")
        .routePolicyRef("leader")
        .errorHandler(noErrorHandler()) // what fails comes again: reconcile: tells of it
        .description(
            "An ImplementationSource is looked at with its Secrets and its last delivery, judged,"
                + " and told in its status what was found")
        .process(sources::load)
        .setVariable("judgement")
        .method(reconciler, "judge")
        .process(sources::report);
    from("timer:source-troubles?delay=60000&period=60000")
        .routeId("source-troubles")
        .routePolicyRef("leader")
        .routeConfigurationId("next-time")
        .description(
            "Once a minute, sources of which a delivery has failed are looked at again: nothing else"
                + " rings for it")
        .process(sources::troubled)
        .split(body())
        .to("reconcile:implementationsources");
  }
}

package ai.proompteng.jangar.implementation;

import org.apache.camel.builder.RouteBuilder;

/** How an ImplementationSpec is reconciled. */
public final class SpecRoutes extends RouteBuilder {
  private final SpecProcessors specs;

  public SpecRoutes(SpecProcessors specs) {
    this.specs = specs;
  }

  @Override
  public void configure() {
    from("reconcile:implementationspecs")
        .routeId("implementationspec-reconcile")
        .routePolicyRef("leader")
        .errorHandler(noErrorHandler()) // what fails comes again: reconcile: tells of it
        .description(
            "An ImplementationSpec is judged; what is news is told before its status says so")
        .process(specs::load)
        .setVariable(SpecProcessors.NEWS)
        .method(new SpecReconciler(), "news")
        .process(specs::publish)
        .process(specs::report);
  }
}

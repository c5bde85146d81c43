package ai.proompteng.jangar.rest;

import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;

/** What can be asked for over HTTP (orchestration-and-api.md 3.3, 8.2). */
public final class RestRoutes extends RouteBuilder {
  private final Optional<String> metrics;

  /**
   * @param metrics the path of the meters; empty for none
   */
  public RestRoutes(Optional<String> metrics) {
    this.metrics = metrics;
  }

  @Override
  public void configure() {
    onException(Throwable.class).handled(true).process("refuseClearly");
    restConfiguration().component("platform-http");

    Endpoint.ALL.forEach(this::serve);

    open("/ready", "rest-ready", "Whether this process can do its work, and what it lacks")
        .process("showReadiness");
    metrics.ifPresent(
        path ->
            open(path, "rest-metrics", "All meters, as Prometheus reads them")
                .process("showMetrics"));
  }

  /** The verb that Camel's REST DSL knows, and the steps behind it: they become one route. */
  private void serve(Endpoint endpoint) {
    rest()
        .verb(endpoint.method(), endpoint.path())
        .routeId(endpoint.route())
        .description(endpoint.summary())
        .to("direct:" + endpoint.route());
    from("direct:" + endpoint.route())
        .routeId(endpoint.route())
        .routeDescription(endpoint.summary())
        .process("allowedHeadersOnly")
        .process("callersOnly")
        .process(endpoint.step());
  }

  private ProcessorDefinition<?> open(String path, String id, String description) {
    return from("platform-http:" + path + "?httpMethodRestrict=GET")
        .routeId(id)
        .routeDescription(description)
        .process("allowedHeadersOnly");
  }
}

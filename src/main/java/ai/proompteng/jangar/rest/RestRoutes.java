package ai.proompteng.jangar.rest;

import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;

/** What can be read over HTTP (orchestration-and-api.md 3.3, 8.2). */
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

    read("/v1/agent-runs", "rest-agent-runs", "Runs of an Agent or in a status, newest first")
        .process("listAgentRuns");
    read("/v1/agent-runs/{id}", "rest-agent-run", "One run: its row and the object behind it")
        .process("showAgentRun");
    read("/v1/agent-runs/{id}/logs", "rest-agent-run-logs", "What a run's agent has said")
        .process("showAgentRunLog");
    read("/v1/runs/{id}", "rest-run", "One run of whichever kind").process("showAnyRun");

    open("/ready", "rest-ready", "Whether this process can do its work, and what it lacks")
        .process("showReadiness");
    metrics.ifPresent(
        path ->
            open(path, "rest-metrics", "All meters, as Prometheus reads them")
                .process("showMetrics"));
  }

  private ProcessorDefinition<?> read(String path, String id, String description) {
    return open(path, id, description).process("readersOnly");
  }

  private ProcessorDefinition<?> open(String path, String id, String description) {
    return from("platform-http:" + path + "?httpMethodRestrict=GET")
        .routeId(id)
        .routeDescription(description)
        .process("allowedHeadersOnly");
  }
}

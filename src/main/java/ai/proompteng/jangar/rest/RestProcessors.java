package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The hands of {@link RestRoutes}. */
public final class RestProcessors {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** Where the id stands in {@code /v1/<kind>/<id>}. */
  private static final int ID = 3;

  private RestProcessors() {}

  /** One question about runs. */
  @FunctionalInterface
  private interface Question {
    Map<String, Object> answer(String id, RunQuery query);
  }

  /**
   * Every step of the REST routes, by its name.
   *
   * @param metrics the meters in Prometheus' text format
   */
  public static Map<String, Processor> all(
      RunReader runs, Access access, Readiness readiness, Supplier<String> metrics) {
    return Map.of(
        "readersOnly", readersOnly(access),
        "listAgentRuns", json((id, query) -> runs.list(query)),
        "showAgentRun", json(runs::agentRun),
        "showAnyRun", json(runs::anyRun),
        "showAgentRunLog", log(runs),
        "showReadiness", ready(readiness),
        "showMetrics", metrics(metrics));
  }

  private static Processor readersOnly(Access access) {
    return exchange -> {
      var authorization = exchange.getMessage().getHeader("Authorization", String.class);
      if (!access.mayRead(authorization)) {
        throw new Refused(401, "unauthorized", "authentication is needed");
      }
    };
  }

  private static Processor json(Question question) {
    return exchange -> {
      var answer = question.answer(id(exchange), query(exchange));
      HttpProcessors.answer(exchange, 200, Envelope.JSON, Envelope.json(answer));
    };
  }

  private static Processor log(RunReader runs) {
    return exchange -> {
      var log = runs.log(id(exchange), query(exchange));
      HttpProcessors.answer(exchange, 200, TEXT, log.getBytes(StandardCharsets.UTF_8));
    };
  }

  private static Processor ready(Readiness readiness) {
    return exchange -> {
      var reasons = readiness.reasonCodes();
      int status = reasons.isEmpty() ? 200 : 503;
      HttpProcessors.answer(
          exchange, status, Envelope.JSON, Envelope.json(readiness.answer(reasons)));
    };
  }

  private static Processor metrics(Supplier<String> metrics) {
    return exchange ->
        HttpProcessors.answer(
            exchange, 200, PROMETHEUS, metrics.get().getBytes(StandardCharsets.UTF_8));
  }

  private static String id(Exchange exchange) {
    var segments = exchange.getProperty(HttpProcessors.PATH, "", String.class).split("/");
    return segments.length > ID ? segments[ID] : "";
  }

  private static RunQuery query(Exchange exchange) {
    return RunQuery.of(exchange.getProperty(HttpProcessors.QUERY, String.class));
  }
}

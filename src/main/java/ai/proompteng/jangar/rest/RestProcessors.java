package ai.proompteng.jangar.rest;

import static java.util.Map.entry;

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
    Map<String, Object> answer(String id, RunQuery query, Caller caller);
  }

  /** One request, and what it is answered with. */
  @FunctionalInterface
  private interface Deed {
    Answer answer(Call call);
  }

  /** Those who answer. */
  public record Desks(
      RunReader runs,
      RunWriter runWriter,
      RunCanceller canceller,
      AgentDesk agents,
      AgentList agentList,
      ControlDesk control) {}

  /**
   * Every step of the REST routes, by its name.
   *
   * @param metrics the meters in Prometheus' text format
   */
  public static Map<String, Processor> all(
      Desks desks, Gate gate, Readiness readiness, Supplier<String> metrics) {
    var runs = desks.runs();
    return Map.ofEntries(
        entry("callersOnly", callersOnly(gate)),
        entry("listAgentRuns", json((id, query, caller) -> runs.list(query, caller))),
        entry("showAgentRun", json(runs::agentRun)),
        entry("showAnyRun", json(runs::anyRun)),
        entry("showAgentRunLog", log(runs)),
        entry("createAgentRun", deed(desks.runWriter()::create)),
        entry("listAgents", deed(desks.agentList()::list)),
        entry("pauseControlPlane", deed(desks.control()::pause)),
        entry("resumeControlPlane", deed(desks.control()::resume)),
        entry("cancelActiveRuns", deed(desks.control()::cancel)),
        entry("cancelAgentRun", deed(desks.canceller()::cancel)),
        entry("writeAgent", deed(desks.agents()::write)),
        entry("showAgent", deed(desks.agents()::show)),
        entry("showOpenApi", document(Envelope.json(OpenApi.document()))),
        entry("showReadiness", ready(readiness)),
        entry("showMetrics", metrics(metrics)));
  }

  private static Processor callersOnly(Gate gate) {
    return exchange -> {
      gate.attach(exchange, exchange.getMessage().getHeader("Authorization", String.class));
      exchange.getMessage().removeHeader("Authorization"); // no further step has use for it
    };
  }

  private static Processor document(byte[] document) {
    return exchange -> HttpProcessors.answer(exchange, 200, Envelope.JSON, document);
  }

  private static Processor deed(Deed deed) {
    return exchange -> {
      var answer = deed.answer(call(exchange));
      HttpProcessors.answer(exchange, answer.status(), Envelope.JSON, Envelope.json(answer.body()));
      answer.headers().forEach(exchange.getMessage()::setHeader);
    };
  }

  private static Call call(Exchange exchange) {
    var message = exchange.getMessage();
    var ifMatch = message.getHeader("If-Match", String.class);
    return new Call(
        id(exchange),
        query(exchange),
        message.getBody(byte[].class),
        exchange.getProperty(OncePerKey.KEY, String.class),
        ifMatch == null ? null : ifMatch.replace("\"", ""),
        Call.traceId(message.getHeader(AllowedHeaders.TRACEPARENT, String.class)),
        exchange.getProperty(HttpProcessors.REQUEST_ID, String.class),
        Caller.of(exchange));
  }

  private static Processor json(Question question) {
    return exchange -> {
      var answer = question.answer(id(exchange), query(exchange), Caller.of(exchange));
      HttpProcessors.answer(exchange, 200, Envelope.JSON, Envelope.json(answer));
    };
  }

  private static Processor log(RunReader runs) {
    return exchange -> {
      var log = runs.log(id(exchange), query(exchange), Caller.of(exchange));
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

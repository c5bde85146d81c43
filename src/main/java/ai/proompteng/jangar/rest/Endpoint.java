package ai.proompteng.jangar.rest;

import static ai.proompteng.jangar.rest.JsonSchemas.inOrder;
import static ai.proompteng.jangar.rest.JsonSchemas.list;
import static ai.proompteng.jangar.rest.JsonSchemas.ref;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that the API does. Routes, the OpenAPI document and the page about the API are made of
 * this table.
 *
 * @param route the id of its route
 * @param step the bean that does it
 * @param summary what it does, in a line
 * @param query what it reads of the query
 * @param body what it reads; null for nothing
 * @param answers the fields of its answer beside {@code ok}, by status; a name that ends in {@code
 *     ?} may be missing. Empty for a text
 */
record Endpoint(
    String method,
    String path,
    String route,
    String step,
    String summary,
    List<Parameter> query,
    Class<?> body,
    Map<Integer, Map<String, Object>> answers) {
  private static final Map<String, Object> TEXT = Map.of("type", "string");
  private static final Map<String, Object> FLAG = Map.of("type", "boolean");
  private static final Map<String, Object> OBJECT = Map.of("type", "object");
  private static final Map<String, Object> TEXT_OR_NULL = Map.of("type", List.of("string", "null"));

  static final List<Endpoint> ALL =
      List.of(
          post("/v1/agents", "rest-agents-write", "writeAgent", "Makes or changes an Agent")
              .reads(Parameter.MODE)
              .takes(NewAgent.class)
              .answers(201, inOrder("agent", ref("Agent")))
              .answers(200, inOrder("agent", ref("Agent"), "idempotent?", FLAG)),
          get("/v1/agents", "rest-agents", "listAgents", "Agents, newest first")
              .reads(
                  Parameter.NAMESPACE,
                  Parameter.LABEL_SELECTOR,
                  Parameter.SINCE,
                  Parameter.LIMIT,
                  Parameter.CURSOR)
              .answers(200, inOrder("agents", list(ref("Agent")), "nextCursor?", TEXT)),
          get("/v1/agents/{id}", "rest-agent", "showAgent", "Shows one Agent, by name or uid")
              .reads(Parameter.NAMESPACE)
              .answers(200, inOrder("agent", ref("Agent"))),
          post("/v1/agent-runs", "rest-agent-runs-create", "createAgentRun", "Starts a run")
              .reads(Parameter.DRY_RUN)
              .takes(NewRun.class)
              .answers(201, inOrder("agentRun", ref("RunRecord"), "resource", ref("AgentRun")))
              .answers(200, replayed()),
          get(
                  "/v1/agent-runs",
                  "rest-agent-runs",
                  "listAgentRuns",
                  "Runs of an Agent or in a status, newest first")
              .reads(
                  Parameter.AGENT_ID,
                  Parameter.AGENT_NAME,
                  Parameter.STATUS,
                  Parameter.PHASE,
                  Parameter.NAMESPACE,
                  Parameter.RUNTIME,
                  Parameter.SINCE,
                  Parameter.LABEL_SELECTOR,
                  Parameter.LIMIT,
                  Parameter.CURSOR,
                  Parameter.VIEW)
              .answers(200, inOrder("runs", list(ref("RunRecord")), "nextCursor?", TEXT)),
          get(
                  "/v1/agent-runs/{id}",
                  "rest-agent-run",
                  "showAgentRun",
                  "One run: its row and the object behind it")
              .reads(Parameter.NAMESPACE)
              .answers(200, inOrder("agentRun", ref("RunRecord"), "resource", orNull("AgentRun"))),
          get(
                  "/v1/agent-runs/{id}/logs",
                  "rest-agent-run-logs",
                  "showAgentRunLog",
                  "What a run's agent has said")
              .reads(Parameter.NAMESPACE, Parameter.TAIL_LINES, Parameter.CONTAINER),
          post(
                  "/v1/agent-runs/{id}/cancel",
                  "rest-agent-run-cancel",
                  "cancelAgentRun",
                  "Asks for the end of a run; one that is over is left as it is")
              .reads(Parameter.NAMESPACE)
              .takes(Wish.class)
              .answers(200, inOrder("agentRun", ref("RunRecord"), "idempotent?", FLAG)),
          post(
                  "/v1/control-plane/pause",
                  "rest-pause",
                  "pauseControlPlane",
                  "Starts nothing new in a namespace, with an Agent, or at all")
              .takes(Scope.class)
              .answers(200, inOrder("paused", FLAG, "idempotent?", FLAG)),
          post(
                  "/v1/control-plane/resume",
                  "rest-resume",
                  "resumeControlPlane",
                  "Takes a pause back; what waited starts")
              .takes(Scope.class)
              .answers(200, inOrder("paused", FLAG, "idempotent?", FLAG)),
          post(
                  "/v1/control-plane/cancel",
                  "rest-cancel",
                  "cancelActiveRuns",
                  "Asks for the end of all active runs of a namespace, an Agent, or at all")
              .takes(Scope.class)
              .answers(
                  200,
                  inOrder(
                      "cancelled", Map.of("type", "integer"), "more", FLAG, "idempotent?", FLAG)),
          get("/v1/runs/{id}", "rest-run", "showAnyRun", "One run of whichever kind")
              .reads(Parameter.NAMESPACE)
              .answers(
                  200,
                  inOrder("kind", TEXT, "run", ref("RunRecord"), "resource", orNull("AgentRun"))),
          get("/v1/openapi.json", "rest-openapi", "showOpenApi", "This document")
              .answers(200, Map.of()));

  private static Map<String, Object> replayed() {
    return inOrder(
        "agentRun?",
        ref("RunRecord"),
        "resource",
        orNull("AgentRun"),
        "idempotent?",
        FLAG,
        "existingAgentRunName?",
        TEXT,
        "dryRun?",
        FLAG,
        "namespace?",
        TEXT,
        "agentName?",
        TEXT,
        "providerName?",
        TEXT_OR_NULL,
        "idempotencyKey?",
        TEXT,
        "resolvedWorkloadImage?",
        TEXT_OR_NULL,
        "resolvedWorkloadImageSource?",
        TEXT,
        "policy?",
        OBJECT,
        "admission?",
        OBJECT);
  }

  private Endpoint reads(Parameter... parameters) {
    return new Endpoint(method, path, route, step, summary, List.of(parameters), body, answers);
  }

  private Endpoint takes(Class<?> type) {
    return new Endpoint(method, path, route, step, summary, query, type, answers);
  }

  private Endpoint answers(int status, Map<String, Object> fields) {
    var more = new LinkedHashMap<>(answers);
    more.put(status, fields);
    return new Endpoint(method, path, route, step, summary, query, body, more);
  }

  private static Map<String, Object> orNull(String kind) {
    return Map.of("anyOf", List.of(ref(kind), Map.of("type", "null")));
  }

  private static Endpoint get(String path, String route, String step, String summary) {
    return new Endpoint("get", path, route, step, summary, List.of(), null, Map.of());
  }

  private static Endpoint post(String path, String route, String step, String summary) {
    return new Endpoint("post", path, route, step, summary, List.of(), null, Map.of());
  }
}

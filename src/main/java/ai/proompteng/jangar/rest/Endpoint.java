package ai.proompteng.jangar.rest;

import java.util.List;

/**
 * One thing that the API does. Routes, the OpenAPI document and the page about the API are made of
 * this table.
 *
 * @param route the id of its route
 * @param step the bean that does it
 * @param summary what it does, in a line
 */
record Endpoint(String method, String path, String route, String step, String summary) {
  static final List<Endpoint> ALL =
      List.of(
          post("/v1/agents", "rest-agents-write", "writeAgent", "Makes or changes an Agent"),
          get("/v1/agents", "rest-agents", "listAgents", "Agents, newest first"),
          get("/v1/agents/{id}", "rest-agent", "showAgent", "Shows one Agent"),
          post("/v1/agent-runs", "rest-agent-runs-create", "createAgentRun", "Starts a run"),
          get(
              "/v1/agent-runs",
              "rest-agent-runs",
              "listAgentRuns",
              "Runs of an Agent or in a status, newest first"),
          get(
              "/v1/agent-runs/{id}",
              "rest-agent-run",
              "showAgentRun",
              "One run: its row and the object behind it"),
          get(
              "/v1/agent-runs/{id}/logs",
              "rest-agent-run-logs",
              "showAgentRunLog",
              "What a run's agent has said"),
          post(
              "/v1/agent-runs/{id}/cancel",
              "rest-agent-run-cancel",
              "cancelAgentRun",
              "Asks for the end of a run"),
          get("/v1/runs/{id}", "rest-run", "showAnyRun", "One run of whichever kind"));

  private static Endpoint get(String path, String route, String step, String summary) {
    return new Endpoint("get", path, route, step, summary);
  }

  private static Endpoint post(String path, String route, String step, String summary) {
    return new Endpoint("post", path, route, step, summary);
  }
}

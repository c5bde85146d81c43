package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.store.RunRecord;
import ai.proompteng.jangar.store.RunRecords;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final UUID FIRST = new UUID(0, 1);
  private final Rows rows = new Rows();
  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    server = open(Access.EVERYONE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void runs_are_listed_by_agent_newest_first_page_by_page() throws Exception {
    var first = json("/v1/agent-runs?agentId=sample&limit=2");
    assertThat(first.at("/ok").asBoolean()).isTrue();
    assertThat(first.at("/runs")).hasSize(2);
    assertThat(first.at("/runs/0/externalRunId").asText()).isEqualTo("run-5");
    assertThat(first.at("/runs/0/status").asText()).isEqualTo("Succeeded");
    assertThat(first.at("/runs/0").has("payload")).isFalse();

    var second =
        json("/v1/agent-runs?agentName=sample&limit=2&cursor=" + first.at("/nextCursor").asText());
    assertThat(second.at("/runs/0/externalRunId").asText()).isEqualTo("run-3");
    var last =
        json("/v1/agent-runs?agentId=sample&limit=2&cursor=" + second.at("/nextCursor").asText());
    assertThat(last.at("/runs")).hasSize(1);
    assertThat(last.has("nextCursor")).isFalse();
    assertThat(json("/v1/agent-runs?status=Running,Failed&view=full").at("/runs")).isEmpty();
    assertThat(json("/v1/agent-runs/?agentId=sample&view=full").at("/runs/0").has("payload"))
        .isTrue();
  }

  @Test
  void junk_is_400_and_what_is_not_there_404() throws Exception {
    for (var query :
        List.of(
            "",
            "?limit=5",
            "?agentId=a&limit=0",
            "?agentId=a&limit=501",
            "?agentId=a&limit=x",
            "?agentId=a&namespace=*",
            "?agentId=%27%20OR%201=1",
            "?status=a;b",
            "?agentId=a&cursor=xx",
            "?agentId=a&since=yesterday",
            "?agentId=a&runtime=a%20b",
            "?agentId=a&labelSelector=a",
            "?agentId=a&labelSelector=a%3D%27%20OR%201",
            "?agentId=a&cursor=" + "a".repeat(300))) {
      var answer = server.get("/v1/agent-runs" + query);
      assertThat(answer.statusCode()).as(query).isEqualTo(400);
      assertThat(answer.body()).contains("\"code\":\"bad_request\"");
    }
    assertThat(server.get("/v1/agent-runs/A_B").statusCode()).isEqualTo(400);
    assertThat(server.get("/v1/agent-runs/..%2f").statusCode()).isIn(400, 404);
    assertThat(server.get("/v1/agent-runs/run-1/logs?tailLines=0").statusCode()).isEqualTo(400);
    assertThat(server.get("/v1/agent-runs/none").statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/runs/" + new UUID(9, 9)).statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/runs/run-1?namespace=elsewhere").statusCode()).isEqualTo(404);
  }

  @Test
  void a_parameter_that_nobody_reads_is_refused_by_its_name() throws Exception {
    for (var path :
        List.of(
            "/v1/agent-runs?agentId=sample&sort=name",
            "/v1/agents?status=Ready",
            "/v1/agent-runs/run-1?limit=1",
            "/v1/runs/run-1?agentId=sample",
            "/v1/agent-runs/run-1/logs?follow=true")) {
      var name = path.replaceAll(".*[?&](\\w+)=.*", "$1");
      var answer = server.get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(400);
      assertThat(answer.body())
          .contains("\"code\":\"unknown_parameter\"")
          .contains(name + " is no parameter here");
    }
  }

  @Test
  void a_run_is_shown_with_the_object_behind_it() throws Exception {
    server.cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: {name: run-1, namespace: agents, uid: uid-1}
        status: {phase: Running}
        """);
    for (var id : List.of("run-1", "run-1?namespace=agents", FIRST.toString())) {
      var shown = json("/v1/agent-runs/" + id);
      assertThat(shown.at("/agentRun/id").asText()).isEqualTo(FIRST.toString());
      assertThat(shown.at("/agentRun/status").asText()).isEqualTo("Running");
      assertThat(shown.at("/agentRun/payload/request").isObject()).isTrue();
      assertThat(shown.at("/resource/metadata/name").asText()).isEqualTo("run-1");
    }
    var any = json("/v1/runs/run-2");
    assertThat(any.at("/kind").asText()).isEqualTo("agent");
    assertThat(any.at("/run/externalRunId").asText()).isEqualTo("run-2");
    assertThat(any.at("/resource").isNull()).isTrue();
  }

  @Test
  void a_record_has_these_fields_and_a_list_leaves_the_payload_out() throws Exception {
    assertThat(json("/v1/runs/run-1").path("run").fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "agentName",
            "deliveryId",
            "provider",
            "status",
            "externalRunId",
            "payload",
            "createdAt",
            "updatedAt");
    assertThat(json("/v1/agent-runs?agentId=sample").at("/runs/0").has("payload")).isFalse();
    assertThat(json("/v1/agent-runs?phase=Succeeded&view=full").at("/runs/0").has("payload"))
        .isTrue();
  }

  @Test
  void a_log_is_the_pods_while_it_is_there_and_then_the_stored_end() throws Exception {
    assertThat(server.get("/v1/agent-runs/run-1/logs").body()).isEqualTo("a\nb\nc\n");
    assertThat(server.get("/v1/agent-runs/run-1/logs?tailLines=2").body()).isEqualTo("b\nc\n");
    assertThat(server.get("/v1/agent-runs/run-2/logs").body()).isEmpty();

    owned("batch/v1", "Job", "job", "uid-job", "uid-1");
    owned("v1", "Pod", "pod", "uid-pod", "uid-job");
    server.cluster.givenLog(new Key("agents", "pod"), "live\n");
    var live = server.get("/v1/agent-runs/run-1/logs");
    assertThat(live.body()).isEqualTo("live\n");
    assertThat(live.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");

    server.cluster.fail(request -> request.startsWith("log"), new Unreachable("no API server"));
    assertThat(server.get("/v1/agent-runs/run-1/logs").body()).isEqualTo("a\nb\nc\n");
  }

  @Test
  void a_database_that_is_away_is_503() throws Exception {
    rows.away = true;
    var answer = server.get("/v1/agent-runs?agentId=sample");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void who_is_alive_says_so_until_the_loop_that_seeks_the_lead_stands_still() throws Exception {
    var alive = server.get("/health");
    assertThat(alive.statusCode()).isEqualTo(200);
    assertThat(alive.body())
        .isEqualTo(
            "{\"status\":\"ok\",\"service\":\"jangar\",\"agentsController\":{\"status\":\"healthy\"}}");
    server.leaderBeats.set(false);
    assertThat(server.get("/health").statusCode()).isEqualTo(503);
    assertThat(server.get("/health").body()).contains("\"status\":\"failed\"");
  }

  @Test
  void what_a_human_should_know_is_told_of_one_that_is_ready() throws Exception {
    server.notices.add("agentrun_ingestion_degraded");
    var degraded = server.get("/ready");
    assertThat(degraded.statusCode()).isEqualTo(200);
    assertThat(degraded.body())
        .contains("\"status\":\"degraded\"", "\"reason_codes\":[\"agentrun_ingestion_degraded\"]");
    server.reasons.add("database_unreachable");
    var not = server.get("/ready");
    assertThat(not.statusCode()).isEqualTo(503);
    assertThat(not.body())
        .contains(
            "\"status\":\"not_ready\"", "\"database_unreachable\",\"agentrun_ingestion_degraded\"");
  }

  @Test
  void nobody_is_let_in_where_all_are_denied_and_each_denial_is_written_down() throws Exception {
    try (var closed = open(Access.NOBODY)) {
      for (var path :
          List.of(
              "/v1/agent-runs?agentId=sample",
              "/v1/agent-runs/run-1",
              "/v1/agent-runs/run-1/logs",
              "/v1/runs/run-1")) {
        var answer = closed.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(401);
        assertThat(answer.body()).contains("\"code\":\"unauthorized\"");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      }
      assertThat(closed.denials).hasSize(4).allMatch(denial -> denial.principal() == null);
      assertThat(closed.get("/health").statusCode()).isEqualTo(200);
      assertThat(closed.get("/ready").statusCode()).isEqualTo(200);
      assertThat(closed.get("/metrics").body()).isEqualTo("jangar_up 1\n");
    }
  }

  @Test
  void readiness_says_what_is_missing() throws Exception {
    assertThat(json("/ready").at("/status").asText()).isEqualTo("ready");
    server.reasons.add("missing_agents_crd:agentruns");
    var answer = server.get("/ready");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(JSON.readTree(answer.body()).at("/reason_codes/0").asText())
        .isEqualTo("missing_agents_crd:agentruns");
  }

  private Webhooks open(Access access) throws Exception {
    return new Webhooks(HttpLimits.defaults(), Optional.empty(), access, rows);
  }

  private JsonNode json(String path) throws Exception {
    var answer = server.get(path);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private void owned(String version, String kind, String name, String uid, String owner) {
    server.cluster.given(
        """
        apiVersion: %s
        kind: %s
        metadata:
          name: %s
          namespace: agents
          uid: %s
          ownerReferences: [{apiVersion: v1, kind: X, name: x, uid: %s, controller: true}]
        """
            .formatted(version, kind, name, uid, owner));
  }

  /** Five runs of the Agent sample, the fifth the newest. */
  private static final class Rows implements RunRecords {
    private volatile boolean away;
    private final List<RunRecord> all = IntStream.of(5, 4, 3, 2, 1).mapToObj(Rows::row).toList();

    private static RunRecord row(int n) {
      var at = Instant.parse("2026-01-01T00:00:00.123456Z").plusSeconds(n);
      return new RunRecord(
          new UUID(0, n),
          "agents",
          "sample",
          "d-" + n,
          "job",
          "Succeeded",
          "run-" + n,
          "uid-" + n,
          Map.of("request", Map.of()),
          at,
          at);
    }

    @Override
    public Optional<RunRecord> find(UUID id) {
      return rows().stream().filter(row -> row.id().equals(id)).findFirst();
    }

    @Override
    public Optional<RunRecord> find(String namespace, String name) {
      return rows().stream()
          .filter(row -> row.namespace().equals(namespace) && row.externalRunId().equals(name))
          .findFirst();
    }

    @Override
    public List<RunRecord> list(Wanted wanted, int limit, Instant createdBefore, UUID idBefore) {
      return rows().stream()
          .filter(row -> wanted.agent() == null || row.agentName().equals(wanted.agent()))
          .filter(row -> wanted.statuses().isEmpty() || wanted.statuses().contains(row.status()))
          .filter(row -> createdBefore == null || row.createdAt().isBefore(createdBefore))
          .limit(limit)
          .toList();
    }

    @Override
    public Optional<String> log(String resourceUid) {
      return resourceUid.equals("uid-1") ? Optional.of("a\nb\nc\n") : Optional.empty();
    }

    private List<RunRecord> rows() {
      if (away) {
        throw new Unreachable("no database");
      }
      return all;
    }
  }
}

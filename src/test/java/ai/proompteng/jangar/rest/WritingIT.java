package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.kube.ResourceType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs make over REST, and what they are refused. */
class WritingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);
  private static final String RUN =
      "{\"agentRef\":{\"name\":\"sample\"},\"runtime\":{\"type\":\"job\"},"
          + "\"implementation\":{\"text\":\"do it\"}%s}";

  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    server = new Webhooks(HttpLimits.defaults(), Optional.empty(), Access.EVERYONE, new NoRuns());
    server.cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentProvider
        metadata: {name: exec, namespace: agents}
        spec: {binary: /usr/local/bin/agent-runner, adapter: {type: exec, exec: {binary: /opt/agent}}}
        """);
    agent("sample", "");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_run_is_made_once_for_a_key() throws Exception {
    var first = post("/v1/agent-runs", "k-1", RUN.formatted(""));
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    var made = json(first);
    assertThat(first.headers().firstValue("Location"))
        .contains("/v1/agent-runs/" + made.at("/agentRun/id").asText());
    assertThat(made.at("/ok").asBoolean()).isTrue();
    assertThat(made.at("/agentRun/status").asText()).isEqualTo("Pending");
    assertThat(made.at("/agentRun/deliveryId").asText()).isEqualTo("k-1");
    assertThat(made.at("/resource/spec/deliveryId").asText()).isEqualTo("k-1");
    assertThat(made.at("/resource/spec/idempotencyKey").asText()).isEqualTo("k-1");
    assertThat(made.at("/resource/metadata/name").asText()).matches("sample-[0-9a-f]{10}");
    assertThat(made.at("/resource/metadata/labels/agents.proompteng.ai~1delivery-id").asText())
        .isEqualTo("k-1");
    assertThat(made.at("/resource/metadata/finalizers/0").asText())
        .isEqualTo("agents.proompteng.ai/runtime-cleanup");

    var quoted = post("/v1/agent-runs", "\"k-1\"", RUN.formatted(""));
    assertThat(quoted.statusCode()).isEqualTo(200);
    assertThat(quoted.headers().firstValue("Idempotency-Replayed")).contains("true");
    assertThat(json(quoted).at("/idempotent").asBoolean()).isTrue();
    assertThat(json(quoted).at("/agentRun/id")).isEqualTo(made.at("/agentRun/id"));
    assertThat(server.cluster.there(RUNS, "agents")).hasSize(1);
    var other = post("/v1/agent-runs", "k-2", RUN.formatted(""));
    assertThat(other.statusCode()).isEqualTo(201);
    assertThat(server.cluster.there(RUNS, "agents")).hasSize(2);
    assertThat(server.requests.written()).contains("policy.allowed local k-1");
  }

  @Test
  void a_dry_run_tells_what_would_be_made_and_makes_nothing() throws Exception {
    var dry = post("/v1/agent-runs?dryRun=true", "k-1", RUN.formatted(""));
    assertThat(dry.statusCode()).as(dry.body()).isEqualTo(200);
    assertThat(json(dry).at("/dryRun").asBoolean()).isTrue();
    assertThat(json(dry).at("/providerName").asText()).isEqualTo("exec");
    assertThat(json(dry).at("/resolvedWorkloadImage").asText()).isEqualTo("image:1");
    assertThat(server.cluster.there(RUNS, "agents")).isEmpty();
    assertThat(server.requests.written()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"workflow\":{\"steps\":[]}|400|not_supported_yet|workflow",
        ",\"goal\":{\"objective\":\"x\"}|400|not_supported_yet|goal",
        ",\"memoryRef\":{\"name\":\"m\"}|400|not_supported_yet|memoryRef",
        ",\"vcsRef\":{\"name\":\"m\"}|400|not_supported_yet|vcsRef",
        ",\"vcsPolicy\":{\"required\":true}|400|not_supported_yet|vcsPolicy.required",
        ",\"policy\":{\"budgetRef\":{\"name\":\"b\"}}|400|not_supported_yet|policy",
        ",\"systemPrompt\":\"x\"|400|unknown_field|systemPrompt",
        ",\"workload\":{\"imag\":\"x\"}|400|unknown_field|workload.imag",
        ",\"parameters\":{\"a\":1}|400|invalid_field|parameters.a",
        ",\"parameters\":{\"a\":null}|400|invalid_field|parameters.a",
        ",\"parameters\":{\"PROMPT\":\"x\"}|400|invalid_object|parameters.PROMPT",
        ",\"ttlSecondsAfterFinished\":-1|400|invalid_field|ttlSecondsAfterFinished",
        ",\"ttlSecondsAfterFinished\":\"1\"|400|invalid_field|ttlSecondsAfterFinished",
        ",\"metadata\":{\"generateName\":\"a/b\"}|400|invalid_field|metadata.generateName",
        ",\"metadata\":{\"labels\":{\"agents.proompteng.ai/agent\":\"b\"}}|400|invalid_field|metadata.labels.agents.proompteng.ai/agent",
        ",\"implementationSpecRef\":{\"name\":\"s\"}|400|invalid_field|implementation",
        ",\"namespace\":\"*\"|400|invalid_field|namespace",
        ",\"namespace\":\"elsewhere\"|404|not_found|",
        ",\"agentRef\":{\"name\":\"b\"}|400|invalid_json|",
        "}x|400|invalid_json|"
      })
  void what_a_run_may_not_say_is_refused_by_its_path(
      String more, int status, String code, String path) throws Exception {
    var answer = post("/v1/agent-runs", "k", RUN.formatted(more));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).at("/code").asText()).isEqualTo(code);
    assertThat(json(answer).at("/details/path").asText()).isEqualTo(path == null ? "" : path);
    assertThat(server.cluster.there(RUNS, "agents")).isEmpty();
  }

  @Test
  void a_body_that_is_no_object_or_too_deep_is_refused() throws Exception {
    var deep = "{\"runtime\":{\"config\":" + "{\"a\":".repeat(100) + "1" + "}".repeat(102);
    for (var body : new String[] {"", "[]", "1", "null", "{\"a\"", "{} {}", deep}) {
      var answer = post("/v1/agent-runs", "k", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(json(answer).at("/code").asText()).as(body).isEqualTo("invalid_json");
    }
    var large = post("/v1/agent-runs", "k", "x".repeat((1 << 20) + 1));
    assertThat(large.statusCode()).isEqualTo(413);
  }

  @Test
  void a_key_is_needed_and_has_a_form() throws Exception {
    for (var path : new String[] {"/v1/agent-runs", "/v1/agents"}) {
      assertThat(code(post(path, null, "{}"))).isEqualTo("400 idempotency_key_required");
      assertThat(code(post(path, " ", "{}"))).isEqualTo("400 idempotency_key_required");
      assertThat(code(post(path, "a b", "{}"))).isEqualTo("400 idempotency_key_invalid");
      assertThat(code(post(path, "a".repeat(256), "{}"))).isEqualTo("400 idempotency_key_invalid");
      assertThat(code(post(path, "a".repeat(255), "{}"))).isEqualTo("400 missing_field");
    }
  }

  @Test
  void what_a_run_names_must_be_there() throws Exception {
    var nobody = RUN.formatted("").replace("sample", "nobody");
    var agent = post("/v1/agent-runs", "k", nobody);
    assertThat(code(agent)).isEqualTo("404 reference_not_found");
    assertThat(json(agent).at("/details/kind").asText()).isEqualTo("Agent");
    var spec =
        post(
            "/v1/agent-runs",
            "k",
            RUN.formatted("")
                .replace(
                    "\"implementation\":{\"text\":\"do it\"}",
                    "\"implementationSpecRef\":{\"name\":\"none\"}"));
    assertThat(code(spec)).isEqualTo("404 reference_not_found");
    assertThat(json(spec).at("/details/kind").asText()).isEqualTo("ImplementationSpec");
  }

  @Test
  void what_policy_denies_is_written_down() throws Exception {
    agent("strict", "security: {allowedSecrets: [fine]}");
    var answer =
        post(
            "/v1/agent-runs",
            "k",
            RUN.formatted(",\"secrets\":[\"other\"]").replace("sample", "strict"));
    assertThat(code(answer)).isEqualTo("403 policy_denied");
    assertThat(json(answer).at("/details/reason").asText()).isEqualTo("SecretNotAllowed");
    assertThat(server.requests.written()).containsExactly("policy.denied local k");
  }

  @Test
  void nothing_is_made_that_cannot_be_written_down_first() throws Exception {
    server.requests.away(true);
    var answer = post("/v1/agent-runs", "k", RUN.formatted(""));
    assertThat(code(answer)).isEqualTo("503 unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    assertThat(server.cluster.there(RUNS, "agents")).isEmpty();
  }

  @Test
  void bodies_of_other_types_are_not_taken() throws Exception {
    var upload =
        HttpRequest.newBuilder(server.uri("/v1/agent-runs"))
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(BodyPublishers.ofString("--x--"));
    assertThat(code(server.send(upload))).isEqualTo("415 unsupported_media_type");
    assertThat(server.post("").body()).contains("\"code\":\"empty_body\"");
  }

  @Test
  void an_agent_that_was_changed_meanwhile_is_told_of() throws Exception {
    server.cluster.fail(request -> request.startsWith("patch"), new Conflict("moved on", null));
    var body = "{\"name\":\"sample\",\"spec\":{\"providerRef\":{\"name\":\"exec\"}}}";
    assertThat(code(post("/v1/agents?mode=apply", "k", body))).isEqualTo("409 conflict");
  }

  @Test
  void an_api_server_that_is_away_is_502() throws Exception {
    server.cluster.fail(request -> request.startsWith("create"), new Unreachable("away"));
    assertThat(code(post("/v1/agent-runs", "k", RUN.formatted(""))))
        .isEqualTo("502 kubernetes_unavailable");
  }

  @Test
  void another_run_with_the_bodys_key_is_told_of() throws Exception {
    var body = RUN.formatted(",\"idempotencyKey\":\"own\"");
    var made = json(post("/v1/agent-runs", "k-1", body)).path("resource").path("metadata");
    var name = made.path("name").asText();
    server.keys.claim("agents", "sample", "own", name, made.path("uid").asText());

    var active = post("/v1/agent-runs", "k-2", body);
    assertThat(code(active)).isEqualTo("409 agent_run_exists");
    assertThat(json(active).at("/details/existingAgentRunName").asText()).isEqualTo(name);
    server.keys.finished(made.path("uid").asText(), "Succeeded");
    var over = post("/v1/agent-runs", "k-3", body);
    assertThat(over.statusCode()).isEqualTo(200);
    assertThat(json(over).at("/existingAgentRunName").asText()).isEqualTo(name);
    assertThat(json(over).at("/idempotent").asBoolean()).isTrue();
    assertThat(server.cluster.there(RUNS, "agents")).hasSize(1);
  }

  @Test
  void a_problem_is_told_as_rfc_9457_where_it_is_wanted() throws Exception {
    var request =
        request("/v1/agent-runs", "k", RUN.formatted(",\"x\":1"))
            .header("Accept", "application/problem+json");
    var answer = server.send(request);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(answer).at("/status").asInt()).isEqualTo(400);
    assertThat(json(answer).at("/details/path").asText()).isEqualTo("x");
  }

  @Test
  void a_method_that_a_path_does_not_take_is_405() throws Exception {
    for (var method : new String[] {"DELETE", "PUT", "OPTIONS", "PATCH"}) {
      var request =
          HttpRequest.newBuilder(server.uri("/v1/agents")).method(method, BodyPublishers.noBody());
      var answer = server.send(request);
      assertThat(code(answer)).as(method).isEqualTo("405 method_not_allowed");
      assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
    }
  }

  @Test
  void the_document_is_served() throws Exception {
    var document = server.get("/v1/openapi.json");
    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(json(document).at("/openapi").asText()).isEqualTo("3.1.0");
  }

  @Test
  void an_agent_is_made_shown_and_changed() throws Exception {
    var body = "{\"name\":\"writer\",\"spec\":{\"providerRef\":{\"name\":\"exec\"}%s}}";
    var made = post("/v1/agents", "a-1", body.formatted(",\"config\":{\"a\":1}"));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(made.headers().firstValue("Location"))
        .contains("/v1/agents/writer?namespace=agents");
    assertThat(json(made).at("/agent/spec/deliveryId").asText()).isEqualTo("a-1");
    assertThat(code(post("/v1/agents", "a-1", body.formatted(""))))
        .isEqualTo("422 idempotency_key_reused");
    assertThat(code(post("/v1/agents", "a-2", body.formatted("")))).isEqualTo("409 already_exists");

    var shown = server.get("/v1/agents/writer?namespace=agents");
    assertThat(shown.statusCode()).isEqualTo(200);
    var etag = shown.headers().firstValue("ETag").orElseThrow();
    var uid = json(shown).at("/agent/metadata/uid").asText();
    assertThat(json(server.get("/v1/agents/" + uid)).at("/agent/metadata/name").asText())
        .isEqualTo("writer");

    var changed = post("/v1/agents?mode=apply", "a-3", body.formatted(""));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(json(changed).at("/agent/spec").has("config")).isFalse();
    var stale =
        server.send(request("/v1/agents", "a-4", body.formatted("")).header("If-Match", etag));
    assertThat(code(stale)).isEqualTo("412 precondition_failed");
    var now = changed.headers().firstValue("ETag").orElseThrow();
    var matched =
        server.send(request("/v1/agents", "a-5", body.formatted("")).header("If-Match", now));
    assertThat(matched.statusCode()).as(matched.body()).isEqualTo(200);
    assertThat(server.requests.written()).contains("agent.created local a-1");
    assertThat(code(server.get("/v1/agents/nobody"))).isEqualTo("404 not_found");
    assertThat(code(server.get("/v1/agents/No_Body"))).isEqualTo("400 bad_request");
  }

  @Test
  void agents_are_listed_newest_first_page_by_page() throws Exception {
    for (int i = 1; i <= 4; i++) {
      agent("a-" + i, "");
    }
    var names = new java.util.ArrayList<String>();
    var cursor = "";
    do {
      var page = json(server.get("/v1/agents?limit=2" + cursor));
      page.path("agents").forEach(agent -> names.add(agent.at("/metadata/name").asText()));
      cursor = page.has("nextCursor") ? "&cursor=" + page.path("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    assertThat(names).containsExactlyInAnyOrder("sample", "a-1", "a-2", "a-3", "a-4");
    assertThat(json(server.get("/v1/agents?labelSelector=a%3Db")).path("agents")).isEmpty();
    assertThat(code(server.get("/v1/agents?namespace=elsewhere"))).isEqualTo("404 not_found");
    assertThat(code(server.get("/v1/agents?cursor=forged"))).isEqualTo("400 bad_request");
    server.cluster.synced(false);
    assertThat(code(server.get("/v1/agents"))).isEqualTo("503 unavailable");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"spec\":{}}|400 missing_field|name",
        "{\"name\":\"a\"}|400 missing_field|spec",
        "{\"name\":\"A\",\"spec\":{}}|400 invalid_field|name",
        "{\"name\":\"a\",\"spec\":{}}|400 invalid_object|spec.providerRef.name",
        "{\"name\":\"a\",\"spec\":{\"providerRef\":{\"name\":\"exec\"},\"memoryRef\":{\"name\":\"m\"}}}|400 not_supported_yet|spec.memoryRef",
        "{\"name\":\"a\",\"spec\":{\"providerRef\":{\"name\":\"exec\"},\"x\":1}}|400 unknown_field|spec.x",
        "{\"name\":\"a\",\"spec\":{\"providerRef\":{\"name\":\"none\"}}}|404 reference_not_found|"
      })
  void what_an_agent_may_not_say_is_refused_by_its_path(String body, String code, String path)
      throws Exception {
    var answer = post("/v1/agents", "k", body);
    assertThat(code(answer)).as(answer.body()).isEqualTo(code);
    assertThat(json(answer).at("/details/path").asText()).isEqualTo(path == null ? "" : path);
  }

  private void agent(String name, String more) {
    server.cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: Agent
        metadata: {name: %s, namespace: agents}
        spec:
          providerRef: {name: exec}
          %s
        """
            .formatted(name, more));
  }

  private HttpRequest.Builder request(String path, String key, String body) {
    var request =
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return key == null ? request : request.header("Idempotency-Key", key);
  }

  private HttpResponse<String> post(String path, String key, String body) throws Exception {
    return server.send(request(path, key, body));
  }

  private static String code(HttpResponse<String> answer) throws Exception {
    return answer.statusCode() + " " + json(answer).at("/code").asText();
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }
}

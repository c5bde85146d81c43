package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.store.Denial;
import ai.proompteng.jangar.store.RunRecord;
import ai.proompteng.jangar.store.RunRecords;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Static tokens, over HTTP (docs/operations/auth.md). */
class AuthIT {
  private static final List<String> TOKENS =
      List.of(
          // the hashes of one, two and three
          "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed team-a agents read",
          "sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3 team-b docs write",
          "sha256:8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f ops * write");

  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    server =
        new Webhooks(
            HttpLimits.defaults(), Optional.empty(), StaticTokens.of(TOKENS), new TwoRuns());
    server.context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            onException(Throwable.class).handled(true).process("refuseClearly");
            for (var path : List.of("/v1/things", "/v1/hooks/mine")) {
              from("platform-http:" + path + "?httpMethodRestrict=POST")
                  .process("allowedHeadersOnly")
                  .setBody(constant("done"));
            }
          }
        });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_token_that_is_not_known_is_401() throws Exception {
    for (var token : List.of("four", "", "one two")) {
      var answer = get("/v1/agent-runs?status=Running", token);
      assertThat(answer.statusCode()).as(token).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(answer.body()).contains("\"code\":\"unauthorized\"").doesNotContain("four");
    }
    assertThat(server.denials).extracting(Denial::code).containsOnly("unauthorized");
  }

  @Test
  void each_sees_what_is_theirs() throws Exception {
    assertThat(get("/v1/agent-runs?status=Running", "one").body())
        .contains("run-agents")
        .doesNotContain("run-docs");
    assertThat(get("/v1/agent-runs?status=Running", "three").body())
        .contains("run-agents", "run-docs");
    assertThat(get("/v1/agent-runs/run-docs", "two").statusCode())
        .as("a name without a namespace is of their only one")
        .isEqualTo(200);
    assertThat(server.denials).isEmpty();
  }

  @Test
  void another_namespace_looks_as_if_nothing_were_there() throws Exception {
    var none = get("/v1/agent-runs/" + new UUID(9, 9), "one");
    for (var path :
        List.of(
            "/v1/agent-runs/" + TwoRuns.id("docs"),
            "/v1/runs/" + TwoRuns.id("docs"),
            "/v1/agent-runs/" + TwoRuns.id("docs") + "/logs",
            "/v1/agent-runs/run-docs?namespace=docs",
            "/v1/agent-runs?status=Running&namespace=docs")) {
      var answer = get(path, "one");
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(withoutId(answer)).isEqualTo(withoutId(none));
    }
    assertThat(server.denials)
        .hasSize(5)
        .allSatisfy(
            denial -> {
              assertThat(denial.principal()).isEqualTo("team-a");
              assertThat(denial.namespace()).isEqualTo("docs");
              assertThat(denial.code()).isEqualTo("not_found");
            });
  }

  @Test
  void a_read_token_changes_nothing() throws Exception {
    var answer = post("/v1/things", "one");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"code\":\"forbidden\"");
    assertThat(server.denials).extracting(Denial::principal).containsExactly("team-a");
    assertThat(post("/v1/things", "two").body()).isEqualTo("done");
  }

  @Test
  void a_route_that_asks_for_nobody_is_behind_the_gate_all_the_same() throws Exception {
    assertThat(post("/v1/things", "four").statusCode()).isEqualTo(401);
  }

  @Test
  void webhooks_probes_and_meters_ask_for_no_token() throws Exception {
    assertThat(post("/v1/hooks/mine", null).statusCode()).isEqualTo(200);
    assertThat(server.withSource().post("{}").body()).doesNotContain("unauthorized");
    for (var path : List.of("/health", "/ready", "/metrics")) {
      assertThat(get(path, null).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(server.denials).isEmpty();
  }

  @Test
  void no_other_spelling_of_a_path_gets_around_the_gate() throws Exception {
    for (var path :
        List.of(
            "//v1/agent-runs",
            "/v1//agent-runs",
            "/./v1/agent-runs",
            "/V1/agent-runs",
            "/%761/agent-runs",
            "/v1/hooks/../agent-runs",
            "/v1/implementation-sources/webhooks/../../agent-runs")) {
      var answer = get(path + "?status=Running", null);
      assertThat(answer.statusCode()).as(path).isIn(400, 401, 404);
      assertThat(answer.body()).as(path).doesNotContain("run-agents");
    }
  }

  @Test
  void who_is_denied_too_often_is_told_to_slow_down() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(get("/v1/agent-runs", "four").statusCode()).isEqualTo(401);
    }
    var answer = get("/v1/agent-runs", "four");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(server.denials).hasSize(50);
    assertThat(get("/v1/agent-runs?status=Running", "one").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    return send(HttpRequest.newBuilder(server.uri(path)), token);
  }

  private HttpResponse<String> post(String path, String token) throws Exception {
    return send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Idempotency-Key", "k")
            .POST(BodyPublishers.ofString("{}")),
        token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String token)
      throws IOException, InterruptedException {
    return server.send(
        token == null ? request : request.header("Authorization", "Bearer " + token));
  }

  private static String withoutId(HttpResponse<String> answer) {
    return answer.body().replaceAll("\"requestId\":\"[^\"]*\"", "");
  }

  /** A run in each of two namespaces. */
  private static final class TwoRuns implements RunRecords {
    private static final List<RunRecord> ALL =
        Stream.of("agents", "docs").map(TwoRuns::run).toList();

    static UUID id(String namespace) {
      return UUID.nameUUIDFromBytes(namespace.getBytes());
    }

    private static RunRecord run(String namespace) {
      return new RunRecord(
          id(namespace),
          namespace,
          "sample",
          "d-" + namespace,
          "job",
          "Running",
          "run-" + namespace,
          "uid-" + namespace,
          Map.of(),
          Instant.EPOCH,
          Instant.EPOCH);
    }

    @Override
    public Optional<RunRecord> find(UUID id) {
      return ALL.stream().filter(run -> run.id().equals(id)).findFirst();
    }

    @Override
    public Optional<RunRecord> find(String namespace, String name) {
      return ALL.stream()
          .filter(run -> run.namespace().equals(namespace) && run.externalRunId().equals(name))
          .findFirst();
    }

    @Override
    public List<RunRecord> list(Wanted wanted, int limit, Instant createdBefore, UUID idBefore) {
      return ALL.stream()
          .filter(
              run -> wanted.namespaces().isEmpty() || wanted.namespaces().contains(run.namespace()))
          .toList();
    }

    @Override
    public Optional<String> log(String resourceUid) {
      return Optional.empty();
    }
  }
}

package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.store.QueueFull;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    server =
        new Webhooks(HttpLimits.defaults(), Optional.empty(), Access.NOBODY, new NoRuns())
            .withSource();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_signed_event_becomes_a_work_item() throws Exception {
    var body = issue("labeled", "A title", "A body", "jangar");

    var answer = server.send(server.event(bytes(body)).header("X-GitHub-Delivery", "d-1"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("{\"ok\":true,\"queued\":1,\"deduped\":0,\"deliveryId\":\"d-1\"}");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(server.intake.stored())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.externalId()).isEqualTo("octo/hello#1");
              assertThat(item.source()).isEqualTo("octo");
              assertThat(item.labels()).containsExactly("jangar");
              assertThat(item.bodySha256())
                  .isEqualTo(ai.proompteng.jangar.core.Hashes.sha256(body));
            });
  }

  @Test
  void every_address_takes_it_and_the_long_one_only_for_its_source() throws Exception {
    server.secrets.with("agents/other/webhookSecret", "another");
    server.with("other", "other", "octo/hello");
    var body = bytes(issue("opened", "t", "b", "jangar"));
    for (var prefix : List.of("/v1", "/api/agents")) {
      var path = prefix + "/implementation-sources/webhooks/github";
      assertThat(signed(path, body)).as(path).isEqualTo(200);
      assertThat(signed(path + "/agents/octo", body)).isEqualTo(200);
      assertThat(signed(path + "/agents/other", body)).isEqualTo(401);
      assertThat(signed(path + "/agents/none", body)).isEqualTo(401);
    }
  }

  @Test
  void a_form_is_verified_over_its_raw_bytes() throws Exception {
    var form =
        "payload="
            + URLEncoder.encode(issue("labeled", "ä + %", "b", "jangar"), StandardCharsets.UTF_8);
    var raw = bytes(form);

    var answer =
        server.send(
            server
                .event(raw)
                .setHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(server.intake.stored()).singleElement().extracting("summary").isEqualTo("ä + %");
  }

  @Test
  void every_bad_signature_gets_the_same_401() throws Exception {
    var body = bytes(issue("labeled", "t", "b", "jangar"));
    var right = Webhooks.sign(Webhooks.SECRET, body);
    var answers = new HashSet<String>();
    var signatures =
        new java.util.ArrayList<String>(
            List.of(
                "garbled",
                "sha1=" + "a".repeat(40),
                right.substring(0, right.length() - 1),
                right + "0",
                "sha512=" + right.substring(7),
                Webhooks.sign(Webhooks.SECRET, bytes("another body")),
                Webhooks.sign("another secret", body)));
    signatures.add(null);
    for (var signature : signatures) {
      var request = server.event(Webhooks.PATH, BodyPublishers.ofByteArray(body));
      if (signature != null) {
        request.header("X-Hub-Signature-256", signature);
      }
      var answer = server.send(request.header("X-Request-Id", "same"));
      assertThat(answer.statusCode()).as(signature).isEqualTo(401);
      answers.add(answer.body());
    }
    var legacy =
        server
            .event(Webhooks.PATH, BodyPublishers.ofByteArray(body))
            .header("X-Hub-Signature", "sha1=" + "a".repeat(40))
            .header("X-Request-Id", "same");
    answers.add(server.send(legacy).body());
    assertThat(answers)
        .containsExactly(
            "{\"ok\":false,\"error\":\"the signature does not verify\","
                + "\"code\":\"invalid_signature\",\"requestId\":\"same\"}");
    assertThat(server.intake.stored()).isEmpty();
    assertThat(server.cluster.requests()).isEmpty();
    await()
        .untilAsserted(
            () ->
                assertThat(
                        server
                            .meters
                            .get("jangar_webhook_requests_total")
                            .tag("outcome", "unauthorized")
                            .counter()
                            .count())
                    .isEqualTo(signatures.size() + 1));
  }

  @Test
  void without_any_source_the_answer_is_the_same_401() throws Exception {
    try (var empty =
        new Webhooks(HttpLimits.defaults(), Optional.empty(), Access.NOBODY, new NoRuns())) {
      assertThat(empty.post(issue("labeled", "t", "b", "jangar")).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void an_unknown_event_is_ignored_once_it_is_verified() throws Exception {
    var ping = server.event(bytes("{\"zen\":\"x\"}")).setHeader("X-GitHub-Event", "ping");
    assertThat(server.send(ping).body()).isEqualTo("{\"ok\":true,\"ignored\":true}");
    var unsigned =
        server
            .event(bytes("{\"zen\":\"x\"}"))
            .setHeader("X-GitHub-Event", "ping")
            .setHeader("X-Hub-Signature-256", "sha256=" + "0".repeat(64));
    assertThat(server.send(unsigned).statusCode()).isEqualTo(401);
    var foreign = issue("labeled", "t", "b", "jangar").replace("octo/hello", "octo/else");
    assertThat(server.post(foreign).body()).contains("\"ignored\":true");
    assertThat(server.intake.stored()).isEmpty();
  }

  @Test
  void too_large_a_body_is_413_with_and_without_a_length() throws Exception {
    var large = new byte[30 << 20];
    var withLength = server.event(Webhooks.PATH, BodyPublishers.ofByteArray(large));
    assertThat(server.send(withLength).statusCode()).isEqualTo(413);
    var without =
        server.event(
            Webhooks.PATH, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));
    var answer = server.send(without);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("\"code\":\"too_large\"");
  }

  @Test
  void broken_bodies_are_400() throws Exception {
    var deep = "[".repeat(100_000);
    var bodies =
        Map.of(
            "deep", bytes("{\"a\":" + deep),
            "not UTF-8", new byte[] {'{', '"', (byte) 0xc3, '(', '"', ':', '1', '}'},
            "not JSON", bytes("{"),
            "not an object", bytes("[1]"),
            "NUL", bytes("{\"a\":\"\0\"}"),
            "long number", bytes("{\"a\":" + "1".repeat(1_000_000) + "}"),
            "two values", bytes("{} {}"),
            "byte order mark", bytes("\ufeff{}"));
    for (var body : bodies.entrySet()) {
      var answer = server.send(server.event(body.getValue()));
      assertThat(answer.statusCode()).as(body.getKey()).isEqualTo(400);
      assertThat(answer.body()).contains("\"code\":\"invalid_json\"");
    }
    assertThat(server.send(server.event(new byte[0])).statusCode()).isEqualTo(400);
    var form =
        server
            .event(bytes("payload=%C3%28"))
            .setHeader("Content-Type", "application/x-www-form-urlencoded");
    assertThat(server.send(form).statusCode()).isEqualTo(400);
  }

  @Test
  void an_escaped_nul_reaches_the_ledger() throws Exception {
    var body = issue("labeled", "t", "b", "jangar").replace("\"b\"", "\"a\\u0000b\"");
    assertThat(server.post(body).statusCode()).isEqualTo(200);
    assertThat(server.intake.stored()).singleElement().extracting("text").isEqualTo("a\0b");
  }

  @Test
  void what_looks_like_a_template_reaches_the_ledger_as_it_came() throws Exception {
    for (var text :
        List.of("{{x}}", "${bean:x}", "$(id)", "'; DROP TABLE x", "${sysenv:HOME}", "\"q\"")) {
      var before = server.intake.stored().size();
      var body =
          JSON.writeValueAsString(JSON.readTree(issue("labeled", "T", "B", "L")).deepCopy())
              .replace("\"T\"", JSON.writeValueAsString(text))
              .replace("\"B\"", JSON.writeValueAsString(text))
              .replace("\"L\"", JSON.writeValueAsString(text));
      var answer = server.send(server.event(bytes(body)).header("X-GitHub-Delivery", "d" + before));
      assertThat(answer.statusCode()).isEqualTo(200);
      WorkItem item = server.intake.stored().get(before);
      assertThat(item.summary()).isEqualTo(text);
      assertThat(item.text()).isEqualTo(text);
      assertThat(item.labels()).containsExactly(text);
    }
  }

  @Test
  void no_header_or_parameter_steers_camel() throws Exception {
    var path =
        Webhooks.PATH
            + "?CamelHttpPath=/x&CAMELHttpUri=http://x&X-Hub-Signature-256=y&cAmelBeanMethodName=z";
    var body = bytes(issue("labeled", "t", "b", "jangar"));
    var answer =
        server.send(
            server
                .event(path, BodyPublishers.ofByteArray(body))
                .header("X-Hub-Signature-256", Webhooks.sign(Webhooks.SECRET, body))
                .header("CAmelHttpResponseCode", "418")
                .header("camelbeanmethodname", "toString")
                .header("CamelExecCommandExecutable", "/bin/sh")
                .header("operationName", "x")
                .header("X-Anything", "x"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map().keySet())
        .containsExactlyInAnyOrder(
            "cache-control", "content-length", "content-type", "x-content-type-options");
    assertThat(server.intake.headers()).hasSize(1);
    assertThat(server.intake.headers().get(0).keySet())
        .allMatch(name -> new AllowedHeaders(List.of()).has(name));
  }

  @Test
  void the_server_itself_refuses_in_the_same_words() throws Exception {
    var get = server.get(Webhooks.PATH);
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).contains("POST");
    assertThat(get.body()).contains("\"ok\":false").contains("\"code\":\"method_not_allowed\"");
    assertThat(server.get("/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/../v1/agent-runs").statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/implementation-sources/webhooks/other").statusCode()).isEqualTo(404);

    var body = bytes("{}");
    for (var type : List.of("text/plain", "multipart/form-data", "application/x-raw-form")) {
      assertThat(server.send(server.event(body).setHeader("Content-Type", type)).statusCode())
          .as(type)
          .isEqualTo(415);
    }
    var packed = server.event(body).header("Content-Encoding", "gzip");
    assertThat(server.send(packed).statusCode()).isEqualTo(415);
    var problem =
        server.send(
            HttpRequest.newBuilder(server.uri("/v1/nothing"))
                .header("Accept", "application/problem+json"));
    assertThat(problem.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(problem.body()).contains("\"status\":404");
  }

  @Test
  void what_cannot_be_stored_now_is_503_and_comes_back() throws Exception {
    server.intake.failWith(new Unreachable("no database"));
    var away = server.post(issue("labeled", "t", "b", "jangar"));
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Retry-After")).contains("10");

    server.intake.failWith(new QueueFull(1000));
    assertThat(server.post(issue("labeled", "t", "b", "jangar")).body()).contains("queue_full");

    server.intake.failWith(new IllegalStateException("secret detail"));
    var bug = server.post(issue("labeled", "t", "b", "jangar"));
    assertThat(bug.statusCode()).isEqualTo(500);
    assertThat(bug.body()).doesNotContain("secret detail");

    server.intake.failWith(null);
    assertThat(server.post(issue("labeled", "t", "b", "jangar")).statusCode()).isEqualTo(200);
  }

  @Test
  void an_api_server_that_is_away_turns_no_signed_event_into_a_401() throws Exception {
    server.secrets.away(true);
    assertThat(server.post(issue("labeled", "t", "b", "jangar")).statusCode()).isEqualTo(503);
  }

  @Test
  void before_the_sources_were_seen_nobody_is_turned_away() throws Exception {
    server.cluster.synced(false);
    var early = server.post(issue("labeled", "t", "b", "jangar"));
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.headers().firstValue("Retry-After")).contains("10");
    server.cluster.synced(true);
    assertThat(server.post(issue("labeled", "t", "b", "jangar")).statusCode()).isEqualTo(200);
  }

  @Test
  void each_source_gets_the_event_only_by_its_own_secret() throws Exception {
    server.secrets.with("agents/foreign/webhookSecret", "foreign");
    server.secrets.with("agents/same/webhookSecret", Webhooks.SECRET);
    server.with("foreign", "foreign", "octo/hello").with("same", "same", "octo/hello");

    assertThat(server.post(issue("labeled", "t", "b", "jangar")).body()).contains("\"queued\":2");
    assertThat(server.intake.stored())
        .extracting(WorkItem::source)
        .containsExactlyInAnyOrder("octo", "same");
  }

  private int signed(String path, byte[] body) throws Exception {
    return server
        .send(
            server
                .event(path, BodyPublishers.ofByteArray(body))
                .header("X-Hub-Signature-256", Webhooks.sign(Webhooks.SECRET, body)))
        .statusCode();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String issue(String action, String title, String body, String label) {
    return """
        {"action":"%s","issue":{"number":1,"node_id":"I_1","title":"%s","body":"%s",
        "state":"open","updated_at":"2026-01-01T00:00:00Z","labels":[{"name":"%s"}],
        "html_url":"https://github.com/octo/hello/issues/1"},
        "repository":{"id":7,"full_name":"octo/hello","owner":{"login":"octo"}}}"""
        .formatted(action, title, body, label);
  }
}

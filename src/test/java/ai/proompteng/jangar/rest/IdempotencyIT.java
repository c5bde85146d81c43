package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.store.PostgresRepetitions;
import ai.proompteng.jangar.store.Repetitions;
import ai.proompteng.jangar.testing.TestDatabase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a POST owes to its Idempotency-Key (bars.md 4), by routes that know nothing of it. */
class IdempotencyIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicInteger done = new AtomicInteger();
  private final List<Caller> callers = new ArrayList<>();
  private volatile Supplier<Object> deed = () -> "{\"ok\":true,\"n\":" + done.get() + "}";
  private volatile int status = 201;
  private volatile Set<String> allowed = Set.of();
  private TestDatabase database;
  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create();
    server = server(new PostgresRepetitions(database.database()));
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Test
  void a_request_is_done_once_and_its_answer_told_again() throws Exception {
    var first = post("/v1/things", "k", "{\"a\":1,\"b\":2}");
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    for (var key : List.of("k", "\"k\"")) {
      var again = post("/v1/things", key, "{ \"b\": 2, \"a\": 1 }");
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
      assertThat(again.headers().firstValue("Location")).contains("/v1/things/1");
      assertThat(again.body()).isEqualTo("{\"ok\":true,\"n\":1,\"idempotent\":true}");
    }
    assertThat(done).hasValue(1);
    assertThat(
            database.read("SELECT route || ' ' || key || ' ' || state FROM idempotency_requests"))
        .containsExactly("/v1/things k done");
  }

  @Test
  void the_key_is_of_that_request_alone() throws Exception {
    post("/v1/things", "k", "{\"a\":1}");
    var other = post("/v1/things", "k", "{\"a\":2}");
    assertThat(code(other)).isEqualTo("422 idempotency_key_reused");
    assertThat(other.headers().firstValue("Link").orElseThrow()).contains("describedby");
    assertThat(code(post("/v1/things?x=1", "k", "{\"a\":1}"))).startsWith("422");
    assertThat(post("/v1/things", "k", "{\"a\":1}").statusCode()).isEqualTo(200);
    assertThat(post("/v1/things/7/parts", "k", "{\"a\":1}").statusCode()).isEqualTo(201);
    assertThat(code(post("/v1/things/8/parts", "k", "{\"a\":1}"))).startsWith("422");
    assertThat(done).hasValue(2);
  }

  @Test
  void another_namespaces_key_is_a_conflict_that_says_nothing() throws Exception {
    assertThat(post("/v1/things", "k", "{\"namespace\":\"docs\"}").statusCode()).isEqualTo(201);
    var other = post("/v1/things", "k", "{\"namespace\":\"agents\"}");
    assertThat(code(other)).isEqualTo("409 idempotency_key_conflict");
    assertThat(other.body()).doesNotContain("docs");
    assertThat(done).hasValue(1);
  }

  @Test
  void a_post_without_a_key_is_not_done_and_reading_needs_none() throws Exception {
    for (var key : List.of("", "  ")) {
      assertThat(code(post("/v1/things", key, "{}"))).isEqualTo("400 idempotency_key_required");
    }
    var bare = HttpRequest.newBuilder(server.uri("/v1/things")).POST(BodyPublishers.ofString("{}"));
    assertThat(code(server.send(bare))).isEqualTo("400 idempotency_key_required");
    var twice = request("/v1/things", "k", "{}").header("Idempotency-Key", "k");
    assertThat(code(server.send(twice))).isEqualTo("400 idempotency_key_invalid");
    assertThat(done).hasValue(0);
    var read = HttpRequest.newBuilder(server.uri("/v1/openapi.json"));
    assertThat(server.send(read.header("Idempotency-Key", "a b")).statusCode()).isEqualTo(200);
    assertThat(post("/v1/hooks/mine", "", "no JSON").statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "\"", "\"a", "\"a\"b\"", "\"\"", "\"a b\"", "\"a\";p=1"})
  void a_key_that_is_none_is_refused(String key) throws Exception {
    assertThat(code(post("/v1/things", key, "{}"))).isEqualTo("400 idempotency_key_invalid");
    assertThat(done).hasValue(0);
  }

  @Test
  void a_key_has_255_bytes_at_the_most() throws Exception {
    var longest = "k".repeat(255);
    assertThat(post("/v1/things", longest, "{}").statusCode()).isEqualTo(201);
    assertThat(post("/v1/things", "\"" + longest + "\"", "{}").statusCode()).isEqualTo(200);
    assertThat(code(post("/v1/things", longest + "k", "{}"))).startsWith("400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "x", "{\"a\":1,\"a\":1}", "{}{}"})
  void a_body_that_is_no_object_takes_no_key(String body) throws Exception {
    assertThat(code(post("/v1/things", "k", body))).isEqualTo("400 invalid_json");
    assertThat(database.read("SELECT key FROM idempotency_requests")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 409, 413, 415, 422, 429})
  void what_was_refused_may_be_asked_otherwise_with_the_same_key(int refused) throws Exception {
    status = refused;
    assertThat(post("/v1/things", "k", "{}").statusCode()).isEqualTo(refused);
    status = 201;
    assertThat(post("/v1/things", "k", "{\"a\":1}").statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void what_failed_is_finished_by_whoever_repeats_it_and_by_nothing_else(int failed)
      throws Exception {
    status = failed;
    assertThat(post("/v1/things", "k", "{}").statusCode()).isEqualTo(failed);
    status = 201;
    assertThat(code(post("/v1/things", "k", "{\"a\":1}"))).startsWith("422");
    assertThat(post("/v1/things", "k", "{}").statusCode()).isEqualTo(201);
    assertThat(done).hasValue(2);
  }

  @Test
  void a_route_that_throws_is_finished_by_a_repetition() throws Exception {
    var right = deed;
    deed =
        () -> {
          throw new IllegalStateException("oops");
        };
    assertThat(code(post("/v1/things", "k", "{}"))).isEqualTo("500 internal_error");
    deed = right;
    assertThat(post("/v1/things", "k", "{}").statusCode()).isEqualTo(201);
  }

  @Test
  void of_fifty_at_once_on_two_servers_one_is_first() throws Exception {
    try (var second = server(new PostgresRepetitions(database.open()))) {
      var asked = new ArrayList<Callable<HttpResponse<String>>>();
      for (int i = 0; i < 50; i++) {
        var at = i % 2 == 0 ? server : second;
        asked.add(() -> at.send(request(at, "/v1/things", "k", "{}")));
      }
      var threads = Executors.newFixedThreadPool(16);
      try {
        var codes = new ArrayList<Integer>();
        for (var answer : threads.invokeAll(asked)) {
          codes.add(answer.get().statusCode());
          if (answer.get().statusCode() == 409) {
            assertThat(code(answer.get())).isEqualTo("409 idempotency_in_progress");
            assertThat(answer.get().headers().firstValue("Retry-After")).contains("1");
          }
        }
        assertThat(codes).isSubsetOf(200, 201, 409).containsOnlyOnce(201);
        assertThat(done).hasValue(1);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void who_was_overtaken_tells_what_the_other_answered() throws Exception {
    var right = deed;
    deed =
        () -> {
          deed = right;
          database.change("UPDATE idempotency_requests SET deadline = now()");
          assertThat(postQuietly("/v1/things", "k", "{}").statusCode()).isEqualTo(201);
          return right.get();
        };
    var late = post("/v1/things", "k", "{}");
    assertThat(late.statusCode()).isEqualTo(200);
    assertThat(late.headers().firstValue("Idempotency-Replayed")).contains("true");
  }

  @Test
  void without_the_database_nothing_is_done_and_nothing_told_as_done() throws Exception {
    var right = deed;
    deed =
        () -> {
          database.database().close();
          return right.get();
        };
    var cut = post("/v1/things", "k", "{}");
    assertThat(code(cut)).isEqualTo("503 unavailable");
    assertThat(cut.headers().firstValue("Retry-After")).isPresent();
    assertThat(done).hasValue(1);
    assertThat(code(post("/v1/things", "k-2", "{}"))).isEqualTo("503 unavailable");
    assertThat(done).hasValue(1);
  }

  @Test
  void an_answer_that_is_no_longer_kept_is_none_to_do_it_again() throws Exception {
    post("/v1/things", "k", "{}");
    database.change("UPDATE idempotency_requests SET response = NULL");
    var again = post("/v1/things", "k", "{}");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).at("/idempotent").asBoolean()).isTrue();
    assertThat(again.headers().firstValue("Location")).contains("/v1/things/1");
    assertThat(done).hasValue(1);
  }

  @Test
  void an_answer_over_64_kibibytes_is_not_kept_and_still_told_once() throws Exception {
    deed = () -> "{\"ok\":true,\"text\":\"" + "x".repeat(64 << 10) + "\"}";
    assertThat(post("/v1/things", "k", "{}").body()).hasSizeGreaterThan(64 << 10);
    assertThat(database.read("SELECT coalesce(response::text, 'none') FROM idempotency_requests"))
        .containsExactly("none");
    assertThat(post("/v1/things", "k", "{}").statusCode()).isEqualTo(200);
    assertThat(done).hasValue(1);
  }

  @Test
  void who_lost_the_namespace_hears_nothing_of_what_was_done_there() throws Exception {
    deed =
        () -> {
          callers.forEach(caller -> caller.enter("docs", Places::missing));
          return "{\"ok\":true}";
        };
    assertThat(post("/v1/things", "k", "{}").statusCode()).isEqualTo(201);
    allowed = Set.of("agents");
    assertThat(code(post("/v1/things", "k", "{}"))).isEqualTo("404 not_found");
    assertThat(code(post("/v1/things", "k-2", "{\"namespace\":\"docs\"}")))
        .isEqualTo("404 not_found");
    allowed = Set.of();
    assertThat(post("/v1/things", "k", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void a_dry_run_is_kept_only_where_nothing_tries_out() throws Exception {
    assertThat(post("/v1/things?dryRun=true", "k", "{}").statusCode()).isEqualTo(201);
    assertThat(post("/v1/things?dryRun=true", "k", "{}").statusCode()).isEqualTo(200);
    post("/v1/agent-runs?dryRun=true", "d", "{}");
    assertThat(database.read("SELECT key FROM idempotency_requests")).containsExactly("k");
    assertThat(code(post("/v1/agent-runs?dryRun=true", "", "{}")))
        .isEqualTo("400 idempotency_key_required");
  }

  private Webhooks server(Repetitions repetitions) throws Exception {
    Access access = token -> Optional.of(Caller.of("me", allowed, true));
    var made =
        new Webhooks(
            HttpLimits.defaults(),
            Optional.empty(),
            access,
            new NoRuns(),
            (cluster, fake) -> fake,
            repetitions);
    made.context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            onException(Throwable.class).handled(true).process("refuseClearly");
            for (var path : List.of("/v1/things", "/v1/things/{id}/parts", "/v1/hooks/mine")) {
              from("platform-http:" + path + "?httpMethodRestrict=POST")
                  .process("allowedHeadersOnly")
                  .process("callersOnly")
                  .process(IdempotencyIT.this::act);
            }
          }
        });
    return made;
  }

  private void act(Exchange exchange) {
    synchronized (callers) {
      callers.clear();
      callers.add(Caller.of(exchange));
    }
    done.incrementAndGet();
    var body = deed.get();
    HttpProcessors.answer(exchange, status, Envelope.JSON, body);
    exchange.getMessage().setHeader("Location", "/v1/things/1");
  }

  private HttpResponse<String> post(String path, String key, String body) throws Exception {
    return server.send(request(path, key, body));
  }

  private HttpResponse<String> postQuietly(String path, String key, String body) {
    try {
      return post(path, key, body);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path, String key, String body) {
    return request(server, path, key, body);
  }

  private static HttpRequest.Builder request(Webhooks at, String path, String key, String body) {
    return HttpRequest.newBuilder(at.uri(path))
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body));
  }

  private static String code(HttpResponse<String> answer) throws Exception {
    return answer.statusCode() + " " + json(answer).path("code").asText();
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }
}

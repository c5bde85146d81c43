package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.ApiServerSwitch;
import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is acknowledged is done, once, whatever ends in between. */
@Tag("slow")
@NeedsCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashE2E {
  private static final int KILLS = 5;
  private static final int DELIVERIES = 20;
  private static final int REQUESTS = 60;
  private static final int SENDERS = 6;
  private static final int REQUEST_MILLIS = 300;
  private static final int LIFE_MILLIS = 3_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration OUTAGE = Duration.ofSeconds(15);

  private final Desk desk;
  private final DurablePostgres database;
  private final ServerProcess server;
  private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);

  CrashE2E(TestCluster real) {
    database = DurablePostgres.create();
    desk = new Desk(real, database);
    server = desk.server().with("JANGAR_AUTH_MODE", "open");
  }

  @BeforeEach
  void start() {
    server.start().awaitReady();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @AfterAll
  void close() {
    threads.shutdownNow();
    server.close();
    database.close();
  }

  @Test
  void every_acknowledged_delivery_ends_in_one_run_however_often_the_server_dies() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("CrashE2E seed " + seed);
    var random = new Random(seed);
    var due = new Semaphore(0);
    var sender =
        CompletableFuture.runAsync(
            () -> IntStream.rangeClosed(1, DELIVERIES).forEach(i -> sendUntilAcknowledged(due, i)));
    for (int i = 0; i < KILLS; i++) {
      due.release(DELIVERIES / KILLS);
      passes(Duration.ofMillis(random.nextInt(LIFE_MILLIS)));
      server.kill();
      if (i == KILLS / 2) {
        database.kill();
        database.start();
      }
      server.start();
      await().atMost(PATIENCE).until(this::listens);
    }
    sender.join();
    for (int i = 1; i <= DELIVERIES; i++) {
      desk.awaitPhases(i, "Succeeded");
      assertThat(desk.jobs(i)).as("jobs of issue %d, seed %d", i, seed).hasSize(1);
      desk.awaitSettled(i, 1);
      desk.awaitClaims(i, "released");
    }
    assertThat(
            database.count(
                "SELECT count(*) FROM implementation_source_deliveries WHERE state = 'failed'"))
        .isZero();
  }

  @Test
  void every_run_that_is_asked_for_by_a_key_is_made_once_however_often_the_server_dies() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("CrashE2E seed " + seed);
    var random = new Random(seed);
    var due = new Semaphore(0);
    var asked = new AtomicInteger();
    var senders =
        IntStream.range(0, SENDERS)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int n = asked.incrementAndGet();
                              n <= REQUESTS;
                              n = asked.incrementAndGet()) {
                            due.acquireUninterruptibly();
                            postUntilDone(n);
                          }
                        },
                        threads))
            .toArray(CompletableFuture[]::new);
    for (int i = 0; i < KILLS; i++) {
      due.release(REQUESTS / KILLS);
      passes(Duration.ofMillis(random.nextInt(REQUEST_MILLIS)));
      server.kill();
      server.start().awaitReady();
    }
    CompletableFuture.allOf(senders).join();
    assertThat(desk.made("agentruns"))
        .filteredOn(name -> name.startsWith("rest-"))
        .hasSize(REQUESTS)
        .doesNotHaveDuplicates();
    assertThat(
            database.count(
                "SELECT count(DISTINCT delivery_id) FROM agent_runs WHERE delivery_id LIKE 'rest-%'"))
        .isEqualTo(REQUESTS);
    assertThat(
            database.count(
                "SELECT count(*) FROM audit_events WHERE event_type = 'agent_run.created'"
                    + " AND payload->>'deliveryId' LIKE 'rest-%'"))
        .isEqualTo(REQUESTS);
  }

  @Test
  void without_a_database_webhooks_are_refused_until_it_is_back() {
    database.stop();
    var refused = deliver(server, "labeled", issue(31, 1, "jangar"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    database.start();
    await()
        .atMost(PATIENCE)
        .until(() -> deliver(server, "labeled", issue(31, 1, "jangar")).statusCode() == 200);
    desk.awaitPhases(31, "Succeeded");
    assertThat(desk.jobs(31)).hasSize(1);
  }

  @Test
  void without_the_api_server_webhooks_are_taken_and_run_once_it_is_back() {
    var api = ApiServerSwitch.of(getClass());
    deliver(server, "labeled", issue(41, 1, "jangar"));
    desk.awaitPhases(41, "Succeeded");
    api.stop();
    try {
      assertThat(deliver(server, "labeled", issue(42, 1, "jangar")).statusCode()).isEqualTo(200);
      passes(OUTAGE);
      assertThat(deliver(server, "labeled", issue(43, 1, "jangar")).statusCode()).isEqualTo(200);
    } finally {
      api.start();
    }
    desk.awaitPhases(42, "Succeeded");
    desk.awaitPhases(43, "Succeeded");
    assertThat(desk.jobs(42)).hasSize(1);
    assertThat(desk.jobs(43)).hasSize(1);
  }

  private void sendUntilAcknowledged(Semaphore due, int number) {
    due.acquireUninterruptibly();
    var issue = issue(number, 1, "jangar");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(UncheckedIOException.class::isInstance)
        .until(() -> deliver(server, "labeled", issue).statusCode() == 200);
  }

  /** The same request with the same key, until it is told as done. */
  private void postUntilDone(int number) {
    var body =
        "{\"agentRef\":{\"name\":\"sample\"},\"runtime\":{\"type\":\"job\"},"
            + "\"metadata\":{\"generateName\":\"rest-\"},\"implementation\":{\"text\":\"do it\"}}";
    await()
        .atMost(PATIENCE.multipliedBy(2))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(IOException.class::isInstance)
        .until(
            () ->
                server
                        .send(
                            HttpRequest.newBuilder(server.uri("/v1/agent-runs"))
                                .header("Idempotency-Key", "rest-" + number)
                                .POST(BodyPublishers.ofString(body)))
                        .statusCode()
                    < 300);
  }

  private boolean listens() {
    try {
      return server.get("/health").statusCode() == 200;
    } catch (java.io.IOException e) {
      return false;
    }
  }

  /** The moment of an accident is no condition: it comes when that much time is gone. */
  private static void passes(Duration time) {
    await().pollDelay(time).atMost(time.plus(PATIENCE)).until(() -> true);
  }
}

package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the server on one database and one API server, neither knowing the other. */
@NeedsCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoServersE2E {
  private static final int DELIVERIES = 50;
  private static final int AT_ONCE = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestCluster real;
  private DurablePostgres database;
  private Desk desk;
  private ServerProcess one;
  private ServerProcess other;

  TwoServersE2E(TestCluster real) {
    this.real = real;
  }

  @BeforeAll
  void start(@TempDir Path routes) throws IOException {
    Files.createDirectories(routes.resolve("feedback"));
    Files.writeString(
        routes.resolve("feedback/deaf.camel.yaml"),
        """
        - route:
            id: deaf
            description: Tells somebody who never answers
            from:
              uri: jangar:events
              steps:
                - throwException:
                    exceptionType: java.io.IOException
                    message: nobody answers
        """);
    database = DurablePostgres.create();
    desk = new Desk(real, database);
    one = desk.server().with("JANGAR_ROUTES_DIR", routes.toString()).start();
    other = desk.server().with("JANGAR_ROUTES_DIR", routes.toString()).start();
    one.awaitReady();
    other.awaitReady();
  }

  @AfterAll
  void stop() {
    for (var part : new AutoCloseable[] {one, other, database}) {
      close(part);
    }
  }

  @Test
  void fifty_deliveries_of_one_issue_to_both_make_one_spec_one_run_and_one_job() {
    var threads = Executors.newFixedThreadPool(AT_ONCE);
    var answers =
        IntStream.range(0, DELIVERIES)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            deliver(i % 2 == 0 ? one : other, "labeled", issue(1, i, "jangar"))
                                .statusCode(),
                        threads))
            .toList();
    assertThat(answers.stream().map(CompletableFuture::join)).containsOnly(200);
    threads.shutdown();

    desk.awaitSettled(1, DELIVERIES - 1);
    desk.awaitPhases(1, "Succeeded");
    assertThat(desk.created("implementationspecs", 1)).hasSize(1);
    assertThat(desk.created("agentruns", 1)).hasSize(1);
    assertThat(desk.jobs(1)).hasSize(1);
    desk.awaitClaims(1, "released");
    assertThat(
            database.count(
                "SELECT count(*) FROM implementation_source_deliveries"
                    + " WHERE external_id = 'octo/hello#1'"))
        .isEqualTo(DELIVERIES);
  }

  @Test
  void an_issue_that_is_opened_with_the_label_and_then_said_to_be_labeled_runs_once() {
    deliver(one, "opened", issue(2, 1, "jangar"));
    deliver(other, "labeled", issue(2, 1, "jangar"));
    desk.awaitPhases(2, "Succeeded");
    deliver(other, "labeled", issue(2, 2, "jangar"));
    desk.awaitSettled(2, 2);
    assertThat(desk.jobs(2)).hasSize(1);
  }

  @Test
  void a_label_that_is_taken_off_and_put_on_again_runs_twice_and_an_edit_between_does_not() {
    deliver(one, "labeled", issue(3, 1, "jangar"));
    desk.awaitPhases(3, "Succeeded");
    deliver(other, "edited", issue(3, 2, "jangar"));
    desk.awaitSettled(3, 2);
    assertThat(desk.jobs(3)).hasSize(1);
    deliver(one, "unlabeled", issue(3, 3));
    deliver(other, "labeled", issue(3, 4, "jangar"));
    desk.awaitSettled(3, 4);
    desk.awaitPhases(3, "Succeeded", "Succeeded");
    assertThat(desk.jobs(3)).hasSize(2);
  }

  @Test
  void an_active_run_that_is_deleted_frees_its_slot() {
    int endless = Desk.ENDLESS + 1;
    deliver(one, "labeled", issue(endless, 1, "jangar"));
    var first = desk.awaitRunning(endless);
    desk.delete(first);
    desk.awaitClaims(endless, "released");
    deliver(other, "unlabeled", issue(endless, 2));
    deliver(one, "labeled", issue(endless, 3, "jangar"));
    var second = desk.awaitRunning(endless);
    assertThat(second.getMetadata().getUid()).isNotEqualTo(first.getMetadata().getUid());
    assertThat(desk.jobs(endless)).hasSize(2).doesNotHaveDuplicates();
    desk.delete(second);
  }

  @Test
  void two_requests_during_a_run_are_one_next_run_of_the_newest() {
    int endless = Desk.ENDLESS + 2;
    deliver(one, "labeled", issue(endless, 1, "jangar"));
    var first = desk.awaitRunning(endless);
    for (int version : List.of(2, 4)) {
      deliver(one, "unlabeled", issue(endless, version));
      deliver(other, "labeled", issue(endless, version + 1, "jangar"));
      desk.awaitSettled(endless, version + 1);
    }
    desk.awaitClaims(endless, "active", "replaced", "next");

    desk.deletePod(first);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(desk.phases(endless)).containsExactly("Failed", "Running"));
    var next = desk.awaitRunning(endless);
    assertThat(next.getMetadata().getAnnotations())
        .containsEntry(
            "agents.proompteng.ai/source-version", issue(endless, 5).updatedAt().toString());
    desk.deletePod(next);
    desk.awaitPhases(endless, "Failed", "Failed");
    desk.awaitClaims(endless, "released", "replaced", "released");
    assertThat(desk.jobs(endless)).hasSize(2);
  }

  /** Of all that the other tests, whichever came before, have caused. */
  @Test
  void a_subscription_whose_target_never_answers_delays_no_other() {
    deliver(one, "labeled", issue(4, 1, "jangar"));
    desk.awaitPhases(4, "Succeeded");
    desk.awaitSettled(4, 1);
    assertThat(
            database.count(
                "SELECT count(*) FROM event_outbox WHERE subscription = 'deaf'"
                    + " AND state <> 'done' AND retries > 0"))
        .isPositive();
    assertThat(
            database.count(
                "SELECT count(*) FROM event_outbox"
                    + " WHERE subscription = 'deaf' AND state IN ('done', 'dead')"))
        .isZero();
    assertThat(
            database.read(
                "SELECT finished_at - created_at AS took FROM event_outbox"
                    + " WHERE subscription = 'labelled-issue' AND state = 'done'"
                    + " AND finished_at > created_at + interval '5 s'"))
        .isEmpty();
  }

  private static void close(AutoCloseable part) {
    try {
      if (part != null) {
        part.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

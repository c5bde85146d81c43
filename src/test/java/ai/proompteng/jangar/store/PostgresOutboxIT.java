package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresOutboxIT {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private TestDatabase database;
  private PostgresOutbox outbox;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    outbox = outbox("one", Duration.ofSeconds(60));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void each_subscription_that_wants_the_type_has_its_own_row_once() {
    outbox.register("all", List.of());
    outbox.register("finished", List.of("run.finished", "run.blocked"));
    outbox.register("specs", List.of("spec.ready"));
    outbox.publish(event("uid", "Succeeded", "run.finished"));
    outbox.publish(event("uid", "Succeeded", "run.finished"));

    assertThat(database.read("SELECT subscription FROM event_outbox"))
        .containsExactlyInAnyOrder("all", "finished");
  }

  @Test
  void without_a_subscription_nothing_is_stored_and_a_new_one_starts_at_now() {
    outbox.publish(event("uid", "Running", "run.started"));
    outbox.register("late", List.of());
    assertThat(outbox.claim("late")).isEmpty();
    outbox.publish(event("uid", "Succeeded", "run.finished"));

    assertThat(outbox.claim("late").orElseThrow().type()).isEqualTo("run.finished");
  }

  @Test
  void a_label_that_jangar_has_put_there_itself_is_told_to_nobody() {
    outbox.register("all", List.of());
    new PostgresOwnLabels(database.database()).note("agents", "I_1", "jangar");
    new PostgresOwnLabels(database.database()).note("agents", "I_1", "jangar");
    outbox.publish(event("uid", "Succeeded", "run.finished"));

    assertThat(outbox.claim("all").orElseThrow().body()).containsEntry("labels", List.of());
  }

  @Test
  void an_event_arrives_as_the_body_that_is_promised() {
    outbox.register("all", List.of());
    outbox.publish(event("uid", "Succeeded", "run.finished"));

    assertThat(outbox.claim("all").orElseThrow().body())
        .containsEntry("id", "uid/Succeeded/run.finished")
        .containsEntry("time", "2026-01-02T03:04:05Z")
        .containsEntry("labels", List.of("jangar"))
        .containsEntry("labelSince", Map.of("jangar", "2026-01-02T03:04:05Z/1"))
        .containsEntry("artifacts", List.of(Map.of("name", "diff")))
        .extractingByKey("source")
        .isEqualTo(
            Map.of("name", "sample", "provider", "github", "id", "I_1", "externalId", "o/r#1"));
    outbox.publish(whole());
    assertThat(outbox.claim("all").orElseThrow().body())
        .containsOnlyKeys(
            "id",
            "type",
            "time",
            "namespace",
            "kind",
            "name",
            "uid",
            "phase",
            "reason",
            "why",
            "source",
            "labels",
            "labelSince",
            "contentHash",
            "version",
            "artifacts")
        .extractingByKey("source", as(InstanceOfAssertFactories.MAP))
        .containsOnlyKeys("name", "provider", "id", "externalId", "url");
  }

  @Test
  void an_object_keeps_its_order_and_holds_back_no_other() {
    outbox.register("all", List.of());
    outbox.publish(event("a", "Running", "run.started"));
    outbox.publish(event("a", "Succeeded", "run.finished"));
    outbox.publish(event("b", "Running", "run.started"));

    var first = outbox.claim("all").orElseThrow();
    assertThat(outbox.claim("all").orElseThrow().body()).containsEntry("uid", "b");
    assertThat(outbox.claim("all")).isEmpty();
    outbox.retry(first, "nobody answered");
    assertThat(outbox.claim("all")).isEmpty();
    now();
    outbox.done(outbox.claim("all").orElseThrow());
    assertThat(outbox.claim("all").orElseThrow().type()).isEqualTo("run.finished");
  }

  @Test
  void a_no_counts_until_the_row_is_dead_and_an_outage_never_does() {
    outbox.register("all", List.of());
    outbox.publish(event("a", "Running", "run.started"));
    for (int i = 0; i < 9; i++) {
      outbox.retry(claimNow(), "nobody answered");
    }
    assertThat(outbox.retryCounted(claimNow(), "no")).isFalse();
    assertThat(outbox.retryCounted(claimNow(), "no")).isFalse();
    assertThat(outbox.retryCounted(claimNow(), "no")).isTrue();
    assertThat(database.read("SELECT state || ' ' || error FROM event_outbox"))
        .containsExactly("dead no");
  }

  @Test
  void the_rows_of_a_killed_process_are_taken_again() {
    outbox = outbox("killed", Duration.ofMillis(1));
    outbox.register("all", List.of());
    outbox.publish(event("a", "Running", "run.started"));
    var lost = outbox.claim("all").orElseThrow();
    var other = outbox("other", Duration.ofSeconds(60));

    org.awaitility.Awaitility.await().until(() -> other.claim("all").isPresent());
    outbox.done(lost);
    assertThat(database.read("SELECT state FROM event_outbox")).containsExactly("processing");
  }

  private OutboxRow claimNow() {
    now();
    return outbox.claim("all").orElseThrow();
  }

  private void now() {
    database.change("UPDATE event_outbox SET next_attempt_at = now()");
  }

  @Test
  void a_row_whose_lease_ran_out_is_settled_by_its_last_claim_alone() {
    outbox = outbox("slow", Duration.ofSeconds(60));
    outbox.register("all", List.of());
    outbox.publish(event("a", "Running", "run.started"));
    var first = outbox.claim("all").orElseThrow();
    database.change("UPDATE event_outbox SET lease_until = now() - interval '1 s'");
    assertThat(outbox.claim("all", List.of(first))).as("it is at work on it still").isEmpty();

    var second = outbox.claim("all").orElseThrow();
    outbox.done(first);
    outbox.retry(first, "too late");
    assertThat(database.read("SELECT state FROM event_outbox")).containsExactly("processing");
    outbox.done(second);
    assertThat(database.read("SELECT state FROM event_outbox")).containsExactly("done");
  }

  @Test
  void a_lease_that_is_renewed_goes_on() {
    outbox = outbox("slow", Duration.ofSeconds(60));
    outbox.register("slack", List.of());
    outbox.publish(event("u", "Running", "run.started"));
    var row = outbox.claim("slack").orElseThrow();
    database.change("UPDATE event_outbox SET lease_until = now()");
    outbox.renew(List.of(row));
    assertThat(outbox("other", Duration.ofSeconds(60)).claim("slack")).isEmpty();
  }

  private PostgresOutbox outbox(String owner, Duration lease) {
    var backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60));
    return new PostgresOutbox(
        database.database(), new PostgresOutbox.Limits(lease, backoff, 3), owner);
  }

  private static Event whole() {
    return new Event(
        "uid-2/Failed",
        "run.finished",
        TIME,
        "agents",
        "AgentRun",
        "run",
        "uid-2",
        "Failed",
        "JobFailed",
        "JobFailed",
        new Event.Source("sample", "github", "I_1", "o/r#1", "https://github.com/o/r/issues/1"),
        List.of(),
        Map.of(),
        "hash",
        TIME,
        List.of(),
        null);
  }

  private static Event event(String uid, String phase, String type) {
    return new Event(
        uid + "/" + phase,
        type,
        TIME,
        "agents",
        "AgentRun",
        "run",
        uid,
        phase,
        null,
        null,
        new Event.Source("sample", "github", "I_1", "o/r#1", null),
        List.of("jangar"),
        Map.of("jangar", "2026-01-02T03:04:05Z/1"),
        null,
        null,
        List.of(Map.of("name", "diff")),
        null);
  }
}

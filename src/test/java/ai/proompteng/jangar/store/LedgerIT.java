package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerIT {
  private static final Instant VERSION = Instant.parse("2026-01-02T03:04:05Z");

  private TestDatabase database;
  private Ledger ledger;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    ledger = ledger("one", 100, Duration.ofSeconds(60));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_delivery_is_one_row_however_often_it_comes() {
    assertThat(ledger.append(List.of(item("d1", "h1", 1)))).isEqualTo(new Ledger.Accepted(1, 0));
    assertThat(ledger.append(List.of(item("d1", "h1", 1)))).isEqualTo(new Ledger.Accepted(0, 1));
    assertThat(keys()).containsExactly("github:d1");
  }

  @Test
  void a_body_under_another_delivery_id_is_a_duplicate() {
    ledger.append(List.of(item("d1", "h1", 1)));
    assertThat(ledger.append(List.of(item("d2", "h1", 1)))).isEqualTo(new Ledger.Accepted(0, 1));
    assertThat(keys()).containsExactly("github:d1");
  }

  @Test
  void one_delivery_for_two_sources_is_two_rows() {
    var first = item("d1", "h1", 1);
    assertThat(ledger.append(List.of(first, at(first, "other-uid"))))
        .isEqualTo(new Ledger.Accepted(2, 0));
  }

  @Test
  void a_failed_delivery_that_comes_again_is_taken_up_again() {
    ledger.append(List.of(item("d1", "h1", 1)));
    ledger.finish(ledger.claim().orElseThrow(), new Delivery.Outcome("failed", "no"));

    assertThat(ledger.append(List.of(item("d1", "h1", 1)))).isEqualTo(new Ledger.Accepted(1, 0));
    assertThat(ledger.claim().orElseThrow().attempts()).isEqualTo(1);
  }

  @Test
  void a_failed_body_under_another_delivery_id_is_no_duplicate() {
    ledger.append(List.of(item("d1", "h1", 1)));
    ledger.finish(ledger.claim().orElseThrow(), new Delivery.Outcome("failed", "no"));

    assertThat(ledger.append(List.of(item("d2", "h1", 1)))).isEqualTo(new Ledger.Accepted(1, 0));
    assertThat(ledger.claim().orElseThrow().item().deliveryId()).isEqualTo("d2");
  }

  @Test
  void a_list_from_a_route_is_a_row_an_item_though_they_share_delivery_and_body() {
    var items = List.of(custom("d1", "h", "a"), custom("d1", "h", "b"));
    assertThat(ledger.append(items)).isEqualTo(new Ledger.Accepted(2, 0));
    assertThat(ledger.append(items)).isEqualTo(new Ledger.Accepted(0, 2));
  }

  @Test
  void without_a_delivery_id_the_version_is_the_key() {
    assertThat(Ledger.key(item(null, null, 7))).isEqualTo("github:o/r#7:2026-01-02T03:04:05Z");
  }

  @Test
  void a_full_queue_stores_nothing_of_a_request() {
    ledger = ledger("one", 2, Duration.ofSeconds(60));
    ledger.append(List.of(item("d1", "h1", 1)));

    assertThatThrownBy(() -> ledger.append(List.of(item("d2", "h2", 2), item("d3", "h3", 3))))
        .isInstanceOf(QueueFull.class);
    assertThat(keys()).containsExactly("github:d1");
    assertThat(ledger.append(List.of(item("d2", "h2", 2))).queued()).isEqualTo(1);
    assertThat(ledger.append(List.of(item("d1", "h1", 1))))
        .as("what is known is known, full or not")
        .isEqualTo(new Ledger.Accepted(0, 1));
  }

  @Test
  void text_arrives_as_it_was_but_for_what_the_database_cannot_hold() {
    var title =
        "{{x}} ${bean:x} $(id) '; DROP TABLE agent_runs; -- \u0000 \uD83D\uDE00 \uD800 \\u0000";
    ledger.append(List.of(titled(item("d1", "h1", 1), title)));

    assertThat(ledger.claim().orElseThrow().item().summary())
        .isEqualTo(title.replace("\u0000", "").replace('\uD800', '\uFFFD'));
  }

  @Test
  void the_same_delivery_fifty_times_at_once_from_two_processes_is_one_row() throws Exception {
    var other = new Ledger(database.open(), Ledger.Limits.defaults(), "two");
    var tasks = new ArrayList<Callable<Ledger.Accepted>>();
    for (int i = 0; i < 50; i++) {
      var through = i % 2 == 0 ? ledger : other;
      tasks.add(() -> through.append(List.of(item("d1", "h1", 1))));
    }
    assertThat(atOnce(tasks).stream().mapToInt(Ledger.Accepted::queued).sum()).isEqualTo(1);
    assertThat(keys()).hasSize(1);
  }

  @Test
  void the_limit_holds_however_many_come_at_once() throws Exception {
    ledger = ledger("one", 10, Duration.ofSeconds(60));
    var tasks = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 40; i++) {
      var item = item("d" + i, "h" + i, i);
      tasks.add(
          () -> {
            try {
              return ledger.append(List.of(item)).queued();
            } catch (QueueFull e) {
              return 0;
            }
          });
    }
    assertThat(atOnce(tasks).stream().mapToInt(n -> n).sum()).isEqualTo(10);
    assertThat(keys()).hasSize(10);
  }

  @Test
  void one_item_at_a_time_per_issue_and_oldest_first() {
    ledger.append(List.of(item("d1", "h1", 1)));
    ledger.append(List.of(item("d2", "h2", 1)));
    ledger.append(List.of(item("d3", "h3", 2)));

    var first = ledger.claim().orElseThrow();
    var second = ledger.claim().orElseThrow();
    assertThat(first.idempotencyKey()).isEqualTo("github:d1");
    assertThat(second.idempotencyKey()).isEqualTo("github:d3");
    assertThat(ledger.claim()).isEmpty();

    ledger.finish(first, new Delivery.Outcome("synced", null));
    assertThat(ledger.claim().orElseThrow().idempotencyKey()).isEqualTo("github:d2");
  }

  @Test
  void two_processes_never_claim_two_rows_of_one_issue() throws Exception {
    for (int i = 0; i < 20; i++) {
      ledger.append(List.of(item("d" + i, "h" + i, i % 3)));
    }
    var other = new Ledger(database.open(), Ledger.Limits.defaults(), "two");
    var tasks = new ArrayList<Callable<Delivery>>();
    for (int i = 0; i < 20; i++) {
      var through = i % 2 == 0 ? ledger : other;
      tasks.add(() -> through.claim().orElse(null));
    }
    assertThat(atOnce(tasks).stream().filter(claimed -> claimed != null))
        .extracting(claimed -> claimed.item().externalId())
        .containsExactlyInAnyOrder("o/r#0", "o/r#1", "o/r#2");
  }

  @Test
  void a_row_that_waits_for_its_next_try_lets_newer_ones_of_its_issue_pass() {
    ledger.append(List.of(item("d1", "h1", 1)));
    ledger.append(List.of(item("d2", "h2", 1)));
    ledger.retry(ledger.claim().orElseThrow(), "nobody answered");

    assertThat(ledger.claim().orElseThrow().idempotencyKey()).isEqualTo("github:d2");
  }

  @Test
  void an_outage_never_ends_in_failed_and_the_fifth_no_does() {
    ledger.append(List.of(item("d1", "h1", 1)));
    for (int i = 0; i < 9; i++) {
      ledger.retry(claimNow(), "nobody answered");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(database.read("SELECT state FROM implementation_source_deliveries"))
          .containsExactly("queued");
      ledger.retryCounted(claimNow(), "a bug");
    }
    var last = new PostgresDeliveries(database.database()).last("uid").orElseThrow();
    assertThat(last.state()).isEqualTo("failed");
    assertThat(last.error()).isEqualTo("a bug");
    assertThat(last.attempts()).isEqualTo(14);
    assertThat(new PostgresDeliveries(database.database()).troubled(Duration.ofMinutes(1)))
        .containsExactly(new Key("agents", "sample"));
  }

  @Test
  void the_rows_of_a_killed_process_are_taken_again() {
    ledger = ledger("killed", 100, Duration.ofMillis(1));
    ledger.append(List.of(item("d1", "h1", 1)));
    var lost = ledger.claim().orElseThrow();
    var other = ledger("other", 100, Duration.ofSeconds(60));

    var taken = org.awaitility.Awaitility.await().until(other::claim, found -> found.isPresent());
    assertThat(taken.orElseThrow().id()).isEqualTo(lost.id());
    ledger.finish(lost, new Delivery.Outcome("failed", "too late"));
    assertThat(database.read("SELECT state FROM implementation_source_deliveries"))
        .as("who has lost the lease says nothing any more")
        .containsExactly("processing");
  }

  @Test
  void a_row_whose_lease_ran_out_is_settled_by_its_last_claim_alone() {
    ledger = ledger("slow", 100, Duration.ofSeconds(60));
    ledger.append(List.of(item("d1", "h1", 1)));
    var first = ledger.claim().orElseThrow();
    database.change(
        "UPDATE implementation_source_deliveries SET lease_until = now() - interval '1 s'");
    assertThat(ledger.claim(List.of(first))).as("it is at work on it still").isEmpty();

    var second = ledger.claim().orElseThrow(); // as another consumer of the same process would
    assertThat(second.id()).isEqualTo(first.id());
    ledger.finish(first, new Delivery.Outcome("failed", "too late"));
    ledger.retry(first, "too late");
    assertThat(database.read("SELECT state FROM implementation_source_deliveries"))
        .containsExactly("processing");
    ledger.finish(second, new Delivery.Outcome("synced", null));
    assertThat(database.read("SELECT state FROM implementation_source_deliveries"))
        .containsExactly("synced");
  }

  @Test
  void a_lease_that_ran_out_and_nobody_took_goes_on_too() {
    ledger = ledger("slow", 100, Duration.ofSeconds(60));
    ledger.append(List.of(item("d1", "h1", 1)));
    var row = ledger.claim().orElseThrow();
    database.change(
        "UPDATE implementation_source_deliveries SET lease_until = now() - interval '1 s'");
    ledger.renew(List.of(row));
    assertThat(ledger("other", 100, Duration.ofSeconds(60)).claim()).isEmpty();
    ledger.finish(row, new Delivery.Outcome("synced", null));
    assertThat(database.read("SELECT state FROM implementation_source_deliveries"))
        .containsExactly("synced");
  }

  @Test
  void a_lease_that_is_renewed_goes_on() {
    ledger = ledger("slow", 100, Duration.ofSeconds(60));
    ledger.append(List.of(item("d1", "h1", 1)));
    var row = ledger.claim().orElseThrow();
    database.change("UPDATE implementation_source_deliveries SET lease_until = now()");
    ledger.renew(List.of(row));
    assertThat(ledger("other", 100, Duration.ofSeconds(60)).claim()).isEmpty();

    database.change("UPDATE implementation_source_deliveries SET lease_owner = 'other'");
    database.change("UPDATE implementation_source_deliveries SET lease_until = now()");
    ledger.renew(List.of(row));
    assertThat(ledger("third", 100, Duration.ofSeconds(60)).claim())
        .as("nobody renews what another has taken")
        .isPresent();
  }

  private Delivery claimNow() {
    database.change("UPDATE implementation_source_deliveries SET next_attempt_at = now()");
    return ledger.claim().orElseThrow();
  }

  private List<String> keys() {
    return database.read("SELECT idempotency_key FROM implementation_source_deliveries");
  }

  private Ledger ledger(String owner, int queued, Duration lease) {
    var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
    return new Ledger(database.database(), new Ledger.Limits(queued, lease, backoff, 5), owner);
  }

  private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
    var threads = Executors.newFixedThreadPool(8);
    try {
      var results = new ArrayList<T>();
      for (var done : threads.invokeAll(tasks)) {
        results.add(done.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static WorkItem item(String delivery, String hash, int number) {
    return item("uid", "github", "o/r#" + number, delivery, hash, "T");
  }

  private static WorkItem custom(String delivery, String hash, String externalId) {
    return item("route:mail", "custom", externalId, delivery, hash, "T");
  }

  private static WorkItem at(WorkItem item, String uid) {
    return item(uid, item.provider(), item.externalId(), item.deliveryId(), item.bodySha256(), "T");
  }

  private static WorkItem titled(WorkItem item, String title) {
    return item(
        "uid", item.provider(), item.externalId(), item.deliveryId(), item.bodySha256(), title);
  }

  private static WorkItem item(
      String uid, String provider, String externalId, String delivery, String hash, String title) {
    return new WorkItem(
        "sample",
        "agents",
        uid,
        provider,
        externalId,
        "I_1",
        delivery,
        VERSION,
        "issues",
        "opened",
        "open",
        title,
        "text",
        List.of("jangar"),
        null,
        null,
        null,
        hash);
  }
}

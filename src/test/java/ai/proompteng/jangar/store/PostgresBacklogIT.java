package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.proompteng.jangar.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresBacklogIT {
  private final TestDatabase database = TestDatabase.create();
  private final PostgresBacklog backlog = new PostgresBacklog(database.database());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void where_nothing_waits_all_is_zero() {
    assertThat(backlog.get()).isEqualTo(new Backlog(0, 0, 0, 0, 0));
  }

  @Test
  void the_oldest_that_is_not_done_counts_whatever_holds_it() {
    delivery("a", "queued", 60);
    delivery("b", "processing", 90);
    delivery("c", "synced", 900);
    delivery("d", "failed", 900);
    delivery("e", "failed", 900);
    var now = backlog.get();
    assertThat(now.queued()).isEqualTo(1);
    assertThat(now.oldestSeconds()).isCloseTo(90, within(30.0));
    assertThat(now.failed()).isEqualTo(2);
  }

  @Test
  void each_subscription_s_oldest_event_counts() {
    database.change(
        "INSERT INTO event_subscriptions (subscription, types) VALUES ('slack', '{}'), ('idle', '{}')");
    event("slack", "queued", 100);
    event("slack", "queued", 10);
    event("slack", "done", 500);
    event("slack", "dead", 500);
    var now = backlog.get();
    assertThat(now.oldestEventSeconds()).isCloseTo(100, within(30.0));
    assertThat(now.dead()).isEqualTo(1);
  }

  @Test
  void counts_are_bounded() {
    database.change(
        """
        INSERT INTO implementation_source_deliveries (source_uid, namespace, source_name, provider,
          idempotency_key, payload, state)
        SELECT 's', 'n', 's', 'github', i::text, '{}', CASE WHEN i % 2 = 0 THEN 'queued' ELSE 'failed' END
        FROM generate_series(1, 30000) i""");
    var now = backlog.get();
    assertThat(now.queued()).isEqualTo(PostgresBacklog.MOST + 1);
    assertThat(now.failed()).isEqualTo(PostgresBacklog.MOST + 1);
  }

  private void delivery(String key, String state, int age) {
    database.change(
        """
        INSERT INTO implementation_source_deliveries (source_uid, namespace, source_name, provider,
          idempotency_key, payload, state, received_at)
        VALUES ('s', 'n', 's', 'github', '%s', '{}', '%s', now() - interval '%d seconds')"""
            .formatted(key, state, age));
  }

  private void event(String subscription, String state, int age) {
    database.change(
        """
        INSERT INTO event_outbox (event_key, type, subscription, object_uid, body, state, created_at)
        VALUES (gen_random_uuid()::text, 'spec.ready', '%s', 'u', '{}', '%s', now() - interval '%d seconds')"""
            .formatted(subscription, state, age));
  }
}

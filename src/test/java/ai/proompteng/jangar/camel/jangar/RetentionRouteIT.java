package ai.proompteng.jangar.camel.jangar;

import static ai.proompteng.jangar.camel.jangar.JangarFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.store.Delivery;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/housekeeping/retention.camel.yaml}, as it ships. */
class RetentionRouteIT {
  private JangarFixture jangar;

  @BeforeEach
  void open() throws Exception {
    jangar = new JangarFixture();
    jangar.database.database().bind(jangar.context.getRegistry()::bind);
    jangar.file("policy/next-time.camel.yaml").file("housekeeping/retention.camel.yaml").start();
    AdviceWith.adviceWith(
        jangar.context, "retention", route -> route.replaceFromWith("direct:retention"));
  }

  @AfterEach
  void close() {
    jangar.close();
  }

  @Test
  void what_is_over_goes_after_its_time_and_nothing_else() {
    done("old", "9 days");
    done("young", "6 days");
    jangar.ledger.append(List.of(item("waiting")));
    jangar.database.change(
        "UPDATE implementation_source_deliveries SET received_at = now() - interval '99 days'");

    keepHouse();
    assertThat(
            jangar.database.read(
                "SELECT delivery_id FROM implementation_source_deliveries ORDER BY 1"))
        .containsExactly("waiting", "young");
  }

  @Test
  void a_subscription_that_nobody_registers_any_more_goes_with_what_waits_for_it() {
    jangar.outbox.register("gone", List.of());
    jangar.outbox.register("alive", List.of());
    jangar.outbox.publish(spec("spec.ready", 1, List.of(), Map.of()));
    jangar.database.change(
        "UPDATE event_subscriptions SET last_seen_at = now() - interval '8 days'");
    jangar.outbox.register("alive", List.of());

    keepHouse();
    assertThat(jangar.database.read("SELECT subscription FROM event_outbox"))
        .containsExactly("alive");
    assertThat(jangar.database.read("SELECT subscription FROM event_subscriptions"))
        .containsExactly("alive");
  }

  @Test
  void an_answer_goes_after_its_run_and_its_key_with_the_runs_row() {
    run("active", "Running", "99 days");
    run("over", "Failed", "40 days");
    run("just-over", "Failed", "1 day");
    for (var key : List.of("active", "over", "just-over", "no-run")) {
      answered(key, "40 days", "39 days");
    }
    answered("young", "2 days", "1 day");
    answered("kept-a-day", "40 days", "-1 hour");

    keepHouse();
    assertThat(
            jangar.database.read(
                "SELECT key || CASE WHEN response IS NULL THEN ' without' ELSE ' with' END"
                    + " FROM idempotency_requests ORDER BY 1"))
        .containsExactly(
            "active with", "just-over with", "kept-a-day with", "over without", "young with");
  }

  @Test
  void a_database_that_is_away_waits_for_the_next_time() {
    jangar.database.database().close();
    keepHouse();
  }

  private void run(String key, String status, String age) {
    jangar.database.change(
        """
        INSERT INTO agent_runs (namespace, agent_name, delivery_id, provider, status, payload,
          updated_at) VALUES ('agents', 'sample', '%s', 'job', '%s', '{}', now() - interval '%s')"""
            .formatted(key, status, age));
  }

  private void answered(String key, String age, String expired) {
    jangar.database.change(
        """
        INSERT INTO idempotency_requests (namespace, route, key, fingerprint, principal, state,
          owner, deadline, response, expires_at, updated_at)
        VALUES ('agents', '/v1/agent-runs', '%s', 'x', 'me', 'done', gen_random_uuid(), now(), '{}',
          now() - interval '%s', now() - interval '%s')"""
            .formatted(key, expired, age));
  }

  private void keepHouse() {
    var exchange = jangar.context.createProducerTemplate().request("direct:retention", e -> {});
    assertThat(exchange.getException()).isNull();
  }

  private void done(String delivery, String ago) {
    jangar.ledger.append(List.of(item(delivery)));
    jangar.ledger.finish(jangar.ledger.claim().orElseThrow(), new Delivery.Outcome("synced", null));
    jangar.database.change(
        "UPDATE implementation_source_deliveries SET processed_at = now() - interval '"
            + ago
            + "' WHERE delivery_id = '"
            + delivery
            + "'");
  }

  private static WorkItem item(String delivery) {
    return new WorkItem(
        "sample", "agents", "uid", "github", "o/r#1", "I_1", delivery, null, "issues", "opened",
        "open", "T", "text", List.of(), null, null, null, null);
  }
}

package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.camel.reconcile.Ingestion;
import ai.proompteng.jangar.kube.Leader;
import ai.proompteng.jangar.store.Database;
import ai.proompteng.jangar.store.DatabaseUrl;
import ai.proompteng.jangar.telemetry.Meters;
import ai.proompteng.jangar.testing.FakeCluster;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final FakeCluster cluster = new FakeCluster();
  private final Database database =
      new Database(
          DatabaseUrl.parse("postgresql://nobody@127.0.0.1:1/none"),
          Database.Limits.defaults(),
          Clock.systemUTC());
  private final Ingestion ingestion =
      new Ingestion(List.of("agents"), Duration.ofSeconds(120), Meters.unseen(), Clock.systemUTC());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void every_field_is_there_also_before_anything_is_known() {
    var facts = health(true, false).facts();
    assertThat(facts)
        .containsOnlyKeys(
            "leaderElection",
            "agentsController",
            "orchestrationController",
            "supportingController",
            "schemaVersion",
            "agentrun_ingestion");
    assertThat(untyped(facts.get("agentsController")).get("status")).isEqualTo("unknown");
    assertThat(facts.get("orchestrationController"))
        .isEqualTo(Map.of("enabled", false, "status", "disabled"));
    assertThat(ingestion(facts)).containsEntry("status", "standby");
  }

  @Test
  void a_controller_that_reconciles_is_healthy() {
    assertThat(health(true, true).agentsController())
        .containsEntry("status", "healthy")
        .containsEntry("started", true)
        .containsEntry("missingCrds", List.of());
  }

  @Test
  void a_process_without_controller_says_disabled_and_is_no_worse_for_it() {
    var health = health(false, true);
    assertThat(health.agentsController()).containsEntry("status", "disabled");
    assertThat(ingestion(health.facts())).containsEntry("status", "disabled");
    assertThat(health.notices()).isEmpty();
  }

  private static Map<?, ?> untyped(Object value) {
    return (Map<?, ?>) value;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> ingestion(Map<String, Object> facts) {
    return (Map<String, Object>) untyped(((List<?>) facts.get("agentrun_ingestion")).get(0));
  }

  private Health health(boolean controller, boolean reconciling) {
    return new Health(
        Leader.appointed(controller), cluster, database, ingestion, controller, () -> reconciling);
  }
}

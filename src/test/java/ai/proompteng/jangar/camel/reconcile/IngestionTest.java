package ai.proompteng.jangar.camel.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.telemetry.Meters;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestionTest {
  private static final String GUARDED = "finalizers: [agents.proompteng.ai/runtime-cleanup]";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Hand hand = new Hand();
  private final Ingestion ingestion =
      new Ingestion(List.of("agents", "quiet"), Duration.ofSeconds(120), new Meters(meters), hand);

  @BeforeEach
  void begin() {
    ingestion.running(true);
    ingestion.heard("agents");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no status                    | generation: 1, "
            + GUARDED
            + " | {}                                          | true",
        "no phase                     | generation: 1, "
            + GUARDED
            + " | {observedGeneration: 1}                     | true",
        "no observed generation       | generation: 1, "
            + GUARDED
            + " | {phase: Pending}                            | true",
        "another generation           | generation: 2, "
            + GUARDED
            + " | {phase: Running, observedGeneration: 1}     | true",
        "no finalizer                 | generation: 1                 | {phase: Pending, observedGeneration: 1}     | true",
        "reached                      | generation: 1, "
            + GUARDED
            + " | {phase: Pending, observedGeneration: 1}     | false",
        "over                         | generation: 2                 | {phase: Succeeded, observedGeneration: 1}   | false",
        "a template                   | generation: 1                 | {phase: Template, observedGeneration: 1}    | false",
        "deleted                      | deletionTimestamp: \"2026-01-01T12:00:00Z\" | {}                            | false",
      })
  void an_active_run_is_untouched_until_a_pass_has_spoken_of_it(
      String what, String meta, String status, boolean untouched) {
    assertThat(Ingestion.isUntouched(run("a", meta, status))).as(what).isEqualTo(untouched);
  }

  @Test
  void a_run_that_is_new_is_counted_and_alarms_nobody() {
    resync(fresh("a"));
    assertThat(agents())
        .extracting(Ingestion.Report::status, Ingestion.Report::untouched)
        .containsExactly("healthy", 1);
    assertThat(
            meters
                .get("jangar_agentrun_untouched_backlog")
                .tag("namespace", "agents")
                .gauge()
                .value())
        .isEqualTo(1);
    assertThat(
            meters
                .get("jangar_agentrun_resync_adoptions_total")
                .tag("namespace", "agents")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void one_that_waits_for_too_long_degrades_and_two_clean_resyncs_heal() {
    hand.pass(120);
    resync(fresh("a"));
    assertThat(agents().status()).isEqualTo("degraded");
    assertThat(agents().message()).contains("120 s");
    assertThat(agents().oldestSeconds()).isEqualTo(120);
    hand.pass(60);
    assertThat(agents().oldestSeconds()).isEqualTo(180);

    resync();
    assertThat(agents().status()).isEqualTo("degraded");
    assertThat(agents().untouched()).isZero();
    resync();
    assertThat(agents().status()).isEqualTo("healthy");
    assertThat(agents().message()).isEmpty();
  }

  @Test
  void one_bad_resync_between_begins_anew() {
    hand.pass(120);
    resync(fresh("a"));
    resync();
    resync(fresh("a"));
    resync();
    assertThat(agents().status()).isEqualTo("degraded");
  }

  @Test
  void an_edited_run_has_waited_since_a_resync_saw_it() {
    var edited = run("a", "generation: 2, " + GUARDED, "{phase: Running, observedGeneration: 1}");
    hand.pass(3600);
    resync(edited);
    assertThat(agents().status()).isEqualTo("healthy");
    hand.pass(120);
    resync(edited);
    assertThat(agents().status()).isEqualTo("degraded");
  }

  @Test
  void runs_of_which_no_watch_has_ever_told_degrade_at_once() {
    ingestion.resynced("quiet", List.of(fresh("a")));
    assertThat(ingestion.reports().get(1).status()).isEqualTo("degraded");
    assertThat(agents().status()).isEqualTo("healthy");
  }

  @Test
  void while_another_process_leads_it_stands_by() {
    hand.pass(120);
    resync(fresh("a"));
    ingestion.running(false);
    assertThat(agents())
        .extracting(Ingestion.Report::status, Ingestion.Report::untouched)
        .containsExactly("standby", 0);
  }

  private Ingestion.Report agents() {
    return ingestion.reports().get(0);
  }

  private void resync(GenericKubernetesResource... open) {
    ingestion.resynced("agents", List.of(open));
  }

  private static GenericKubernetesResource fresh(String uid) {
    return run(uid, "generation: 1", "{}");
  }

  private static GenericKubernetesResource run(String uid, String meta, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: {name: fix-7, namespace: agents, uid: %s, creationTimestamp: "2026-01-01T12:00:00Z", %s}
        status: %s
        """
            .formatted(uid, meta, status),
        GenericKubernetesResource.class);
  }

  private static final class Hand extends Clock {
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    void pass(long seconds) {
      now = now.plusSeconds(seconds);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}

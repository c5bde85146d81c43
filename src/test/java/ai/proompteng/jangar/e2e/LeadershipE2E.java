package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.AuditLog;
import ai.proompteng.jangar.testing.Needed;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What becomes of the work when the leader stops, stands still, or has the wrong time. */
@Tag("slow")
@NeedsCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeadershipE2E {
  private static final Duration PATIENCE = Replicas.PATIENCE;

  private final TestCluster real;
  private Replicas replicas;

  LeadershipE2E(TestCluster real) {
    this.real = real;
  }

  @BeforeAll
  void start() {
    replicas = new Replicas(real);
    replicas.server("one").start();
    replicas.server("other").start();
    ready();
  }

  @AfterAll
  void stop() {
    replicas.close();
  }

  @Test
  void a_leader_that_is_told_to_stop_hands_over_within_three_seconds() throws Exception {
    ready();
    var leader = replicas.awaitLeader();
    var next = Replicas.other(leader);
    replicas.work();
    var stopping = CompletableFuture.runAsync(() -> replicas.server(leader).stop());
    assertThat(replicas.awaitLeader(next)).isLessThanOrEqualTo(Duration.ofSeconds(3));
    replicas.rest();
    replicas.awaitDoneOnce();
    stopping.join();
    replicas.server(leader).start();
  }

  @Test
  void a_leader_that_stood_still_past_its_lease_does_nothing_more() throws Exception {
    ready();
    var audit = AuditLog.of(getClass());
    var zombie = replicas.awaitLeader();
    var next = Replicas.other(zombie);
    replicas.work();
    passes(Duration.ofSeconds(3));
    Replicas.signal(replicas.server(zombie), "STOP");
    replicas.awaitLeader(next);
    passes(Duration.ofSeconds(3));
    int before = audit.writes(replicas.agent(zombie)).size();
    Replicas.signal(replicas.server(zombie), "CONT");
    passes(Duration.ofSeconds(6));
    replicas.rest();
    replicas.awaitDoneOnce();
    var after = audit.writes(replicas.agent(zombie));
    assertThat(after.subList(before, after.size()))
        .as("what was under way may end: a write that another was quicker with is refused")
        .filteredOn(AuditLog.Write::accepted)
        .isEmpty();
    assertThat(replicas.leader()).isEqualTo(next);
    assertThat(replicas.server(zombie).get("/metrics").body()).contains("jangar_leader 0.0");
  }

  @Test
  void a_lease_that_is_deleted_by_hand_costs_nothing() throws Exception {
    ready();
    replicas.awaitLeader();
    replicas.work();
    for (int i = 0; i < 3; i++) {
      replicas.lease().delete();
      passes(Duration.ofSeconds(2));
    }
    replicas.rest();
    replicas.awaitDoneOnce();
    replicas.awaitLeader();
  }

  @Test
  void a_clock_that_is_an_hour_off_steals_nothing() throws Exception {
    var library = Needed.by("LeadershipE2E", "libfaketime", "JANGAR_TEST_FAKETIME");
    ready();
    var leader = replicas.awaitLeader();
    var off = Replicas.other(leader);
    // an hour ahead it sees each renewal of the other as an hour old
    replicas.server(off).stop();
    replicas
        .server(off)
        .with("LD_PRELOAD", library)
        .with("FAKETIME", "+1h")
        .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .start()
        .awaitReady();
    var transitions = replicas.lease().get().getSpec().getLeaseTransitions();
    passes(Replicas.LEASE.multipliedBy(4));
    assertThat(replicas.leader()).isEqualTo(leader);
    assertThat(replicas.lease().get().getSpec().getLeaseTransitions()).isEqualTo(transitions);
    replicas.server(off).stop();
    replicas.server(off).without("LD_PRELOAD").start();
  }

  private void ready() {
    replicas.server("one").awaitReady();
    replicas.server("other").awaitReady();
  }

  /** How long something holds is no condition: it is seen when that much time is gone. */
  private static void passes(Duration time) {
    await().pollDelay(time).atMost(time.plus(PATIENCE)).until(() -> true);
  }
}

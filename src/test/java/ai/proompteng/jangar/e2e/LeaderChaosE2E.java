package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The leader dies every ten seconds, for {@code -Dchaos.seconds} (300), while runs and deliveries
 * come in.
 */
@Tag("slow")
@NeedsCluster
class LeaderChaosE2E {
  private static final Duration FOR = Duration.ofSeconds(Integer.getInteger("chaos.seconds", 300));
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final TestCluster real;

  LeaderChaosE2E(TestCluster real) {
    this.real = real;
  }

  @Test
  void every_run_ends_with_one_job_however_often_the_leader_is_killed() throws Exception {
    try (var replicas = new Replicas(real)) {
      replicas.server("one").start();
      replicas.server("other").start();
      replicas.server("one").awaitReady();
      replicas.server("other").awaitReady();
      replicas.awaitLeader();
      replicas.work();
      var takeovers = new ArrayList<Duration>();
      long began = System.nanoTime();
      for (long kill = 1; EVERY.multipliedBy(kill).compareTo(FOR) <= 0; kill++) {
        passed(began, EVERY.multipliedBy(kill));
        var leader = replicas.awaitLeader();
        replicas.server(Replicas.other(leader)).awaitReady();
        replicas.server(leader).kill();
        takeovers.add(replicas.awaitLeader(Replicas.other(leader)));
        replicas.server(leader).start();
      }
      replicas.rest();
      replicas.awaitDoneOnce();
      Collections.sort(takeovers);
      System.out.printf(
          "LeaderChaosE2E: %d kills in %d s, %d runs, %d deliveries; takeover median %d ms, longest"
              + " %d ms%n",
          takeovers.size(),
          Duration.ofNanos(System.nanoTime() - began).toSeconds(),
          replicas.runs(),
          replicas.deliveries(),
          takeovers.get(takeovers.size() / 2).toMillis(),
          takeovers.get(takeovers.size() - 1).toMillis());
      assertThat(takeovers)
          .allSatisfy(
              took ->
                  assertThat(took)
                      .isLessThanOrEqualTo(Replicas.LEASE.plus(Replicas.RETRY).multipliedBy(2)));
    }
  }

  /** The moment of an accident is no condition: it comes when that much time is gone. */
  private static void passed(long began, Duration time) {
    await()
        .atMost(time.plus(Replicas.PATIENCE))
        .until(() -> System.nanoTime() - began >= time.toNanos());
  }
}

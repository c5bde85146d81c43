package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.FakeCluster;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunCensusTest {
  private final FakeCluster cluster = new FakeCluster();

  @Test
  void runs_that_are_over_do_not_count_and_the_oldest_blocked_is_told() {
    run("a", "{phase: Running}");
    run("b", "{phase: Succeeded}");
    run("c", "{}");
    run("d", "{phase: Template}");
    run("e", blocked("11:59:00"));
    run("f", blocked("11:50:00"));
    run("g", "{phase: Pending, conditions: [{type: Blocked, status: \"False\"}]}");

    var count = new RunCensus(cluster).count(Instant.parse("2026-01-01T12:00:00Z")).get("agents");

    assertThat(count).isEqualTo(new RunCensus.Count(1, 4, 2, 600));
  }

  @Test
  void a_status_of_any_shape_stops_nobody() {
    run("a", "{phase: 7, conditions: {}}");
    run(
        "b",
        "{phase: Pending, conditions: [7, {type: Blocked, status: \"True\", lastTransitionTime: never}]}");

    var count = new RunCensus(cluster).count(Instant.parse("2026-01-01T12:00:00Z")).get("agents");

    assertThat(count.waiting()).isEqualTo(2);
    assertThat(count.blockedSeconds()).isEqualTo(3600);
  }

  private static String blocked(String since) {
    return "{phase: Pending, conditions: [{type: Blocked, status: \"True\", lastTransitionTime: \"2026-01-01T"
        + since
        + "Z\"}]}";
  }

  private void run(String name, String status) {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: {name: %s, namespace: agents, uid: %s, creationTimestamp: "2026-01-01T11:00:00Z"}
        status: %s
        """
            .formatted(name, name, status));
  }
}

package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.ResourceType;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of what somebody has paused. */
class PauseTest {
  private final RunBench bench = new RunBench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void nothing_starts_in_a_paused_namespace_until_it_is_resumed() throws Exception {
    bench.givenAll();
    bench.pauses.pause(Optional.of("agents"), "the tracker is moved", "ada");
    bench.ring();
    assertThat(bench.condition("Blocked")).isEqualTo("True/Paused");
    assertThat(bench.status().why()).isEqualTo("Paused");
    assertThat(bench.status().conditions().toString())
        .contains("Namespace agents is paused by ada: the tracker is moved");
    assertThat(bench.jobs()).isEmpty();
    bench.cluster.forgetRequests();
    bench.ring();
    assertThat(bench.cluster.requests()).isEmpty();
    bench.pauses.resume(Optional.of("agents"));
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
    assertThat(bench.condition("Blocked")).isEqualTo("False/NotBlocked");
  }

  @Test
  void a_pause_of_everything_holds_and_one_of_another_namespace_does_not() throws Exception {
    bench.givenAll();
    bench.pauses.pause(Optional.of("elsewhere"), "x", "ada");
    bench.pauses.pause(Optional.empty(), "x", "ada");
    bench.ring();
    assertThat(bench.condition("Blocked")).isEqualTo("True/Paused");
    bench.pauses.resume(Optional.empty());
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
  }

  @Test
  void a_paused_agent_starts_nothing() throws Exception {
    bench.givenAll();
    annotateAgent("true");
    bench.ring();
    assertThat(bench.condition("Blocked")).isEqualTo("True/Paused");
    annotateAgent(null);
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
  }

  @Test
  void what_runs_goes_on_and_what_is_invalid_is_refused() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.pauses.pause(Optional.empty(), "x", "ada");
    bench.terminated(0, "Completed", "{\"status\":\"succeeded\",\"exitCode\":0}");
    bench.complete();
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Succeeded");
    bench.givenRun("goal: {objective: x}");
    bench.ring();
    assertThat(bench.status().reason()).isEqualTo("NotSupportedYet");
  }

  @Test
  void a_job_that_was_made_before_the_pause_is_followed() throws Exception {
    bench.givenAll();
    bench.cluster.fail(asked -> asked.startsWith("status"), new Unreachable("gone"));
    bench.ringAnyhow();
    bench.cluster.fail(asked -> false, null);
    bench.pauses.pause(Optional.empty(), "x", "ada");
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
  }

  private void annotateAgent(String paused) {
    bench.cluster.mergePatch(
        ResourceType.of(Kind.AGENT),
        new Key("agents", "sample"),
        Map.of(
            "metadata",
            Map.of(
                "annotations",
                Collections.singletonMap("agents.proompteng.ai/paused", (Object) paused))));
  }
}

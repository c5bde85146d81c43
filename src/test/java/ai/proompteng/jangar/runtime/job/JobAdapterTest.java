package ai.proompteng.jangar.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.runtime.RuntimeAdapter;
import ai.proompteng.jangar.runtime.RuntimeAdapterContract;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.testing.FakeCluster;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JobAdapterTest extends RuntimeAdapterContract {
  private final FakeCluster cluster = new FakeCluster();
  private final JobAdapter adapter =
      new JobAdapter(cluster, Clock.systemUTC(), Duration.ofSeconds(900));

  @Override
  protected RuntimeAdapter adapter() {
    return adapter;
  }

  @Override
  protected int pieces() {
    return cluster.cached(ResourceType.JOB, "agents").size();
  }

  @Override
  protected void cutOff() {
    cluster.fail(request -> request.startsWith("create jobs"), new Unreachable("timeout"));
  }

  @Override
  protected void refuse() {
    cluster.fail(
        request -> request.startsWith("create"), new Rejected(Reason.SubmitFailed, "invalid"));
  }

  @Override
  protected void restore() {
    cluster.fail(request -> false, null);
  }

  @Test
  void a_job_of_somebody_else_is_never_adopted() {
    cluster.given(
        """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: %s
          namespace: agents
          labels: {agents.proompteng.ai/agent-run: a}
        """
            .formatted(JobManifests.name("a", "uid-1")));
    assertThatThrownBy(() -> adapter.submit(run("a", "uid-1")))
        .isInstanceOfSatisfying(
            Rejected.class, e -> assertThat(e.reason()).isEqualTo(Reason.SubmitFailed));
  }

  @Test
  void the_config_map_comes_before_the_job_and_both_go_when_discarded() {
    var ref = adapter.submit(run("a", "uid-1"));
    assertThat(cluster.requests())
        .extracting(request -> request.split(" ")[1])
        .containsExactly("configmaps", "jobs");
    adapter.discard(ref);
    assertThat(cluster.there(ResourceType.CONFIG_MAP, "agents")).isEmpty();
  }

  @Test
  void a_job_that_was_seen_and_is_gone_is_missing() {
    var ref = adapter.submit(run("a", "uid-1"));
    adapter.cancel(ref);
    var ended = (RuntimeState.Ended) adapter.observe(ref);
    assertThat(ended.phase()).isEqualTo(Phase.Failed);
    assertThat(ended.reason()).isEqualTo("JobMissing");
  }

  @Test
  void a_job_that_was_never_seen_is_absent() {
    var ref = new RuntimeRef("job", "x", "agents", null, null);
    assertThat(adapter.observe(ref)).isInstanceOf(RuntimeState.Absent.class);
  }
}

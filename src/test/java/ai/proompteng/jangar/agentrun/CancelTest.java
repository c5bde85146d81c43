package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.ResourceType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that somebody wants stopped, in each state that it may be in. */
class CancelTest {
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);
  private static final String RUNNING =
      "{containerStatuses: [{name: agent-runner, state: {running: {}}}]}";
  private static final String TOLD_TO_STOP = "{\"status\":\"cancelled\",\"exitCode\":130}";
  private static final String SUCCEEDED =
      "{\"status\":\"succeeded\",\"exitCode\":0,"
          + "\"artifacts\":{\"outputArtifacts\":[{\"name\":\"diff\",\"path\":\"/workspace/changes.diff\"}]}}";
  private final RunBench bench = new RunBench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void a_run_that_waits_ends_at_once_and_frees_its_slot() throws Exception {
    bench.givenTask();
    bench.givenRun("");
    bench.ring();
    assertThat(bench.condition("Blocked")).isEqualTo("True/WaitingForDependency");
    cancel("wrong repository");
    bench.ring();
    isCancelled();
    assertThat(bench.status().message()).isEqualTo("wrong repository");
    assertThat(bench.status().why()).isEqualTo("UserRequested");
    assertThat(bench.condition("Blocked")).isEqualTo("False/NotBlocked");
    bench.ring();
    assertThat(bench.released).containsExactly("fix-7");
    isOverForGood();
  }

  @Test
  void a_run_that_is_made_cancelled_never_has_a_job() throws Exception {
    bench.givenAll();
    cancel(null);
    bench.ring();
    isCancelled();
    assertThat(bench.journal.changes()).containsExactly("->Cancelled");
    assertThat(bench.cluster.requests()).noneMatch(asked -> asked.startsWith("create jobs"));
    isOverForGood();
  }

  @Test
  void a_run_whose_job_nobody_has_seen_yet_is_stopped_like_one_that_runs() throws Exception {
    bench.givenAll();
    bench.cluster.fail(asked -> asked.startsWith("status"), new Unreachable("gone"));
    bench.ringAnyhow();
    bench.cluster.fail(asked -> false, null);
    assertThat(bench.jobs()).hasSize(1);
    assertThat(bench.status().runtimeRef()).isNull();
    cancel(null);
    bench.ring();
    assertThat(bench.status().runtimeRef()).isNotNull();
    assertThat(bench.condition("Cancelled")).isEqualTo("Unknown/CancelRequested");
    bench.later(Duration.ofSeconds(4));
    bench.ring();
    isCancelled();
    isOverForGood();
  }

  @Test
  void a_job_that_an_unanswered_request_has_made_is_removed_by_its_name() throws Exception {
    bench.givenAll();
    bench.ring();
    var lost = bench.jobs().get(0);
    bench.cluster.delete(ResourceType.JOB, name(lost.getMetadata().getName()), null);
    bench.givenRun("");
    cancel(null);
    bench.ring();
    isCancelled();
    bench.cluster.put(lost); // it was made after all
    bench.ring();
    isOverForGood();
  }

  @Test
  void a_run_that_runs_is_told_ends_by_its_own_words_and_keeps_its_log() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.podStatus(RUNNING);
    bench.ring();
    var pod = bench.jobs().get(0).getMetadata().getName() + "-x";
    bench.cluster.givenLog(name(pod), "half");
    cancel("enough");
    bench.ring();
    assertThat(bench.condition("Cancelled")).isEqualTo("Unknown/CancelRequested");
    assertThat(bench.status().phase()).isEqualTo("Running");
    assertThat(bench.status().why()).isEqualTo("CancelRequested");
    assertThat(bench.journal.logs()).containsEntry("6f2b", "half");
    var job = bench.jobs().get(0);
    bench.ring();
    assertThat(bench.jobs()).isEmpty();
    assertThat(bench.status().phase()).isEqualTo("Running");
    bench.cluster.givenLog(name(pod), "half and the rest");
    ended(job.getMetadata().getName(), job.getMetadata().getUid(), TOLD_TO_STOP);
    bench.ring();
    isCancelled();
    assertThat(bench.status().message()).isEqualTo("enough");
    assertThat(bench.status().runner()).containsEntry("status", "cancelled");
    assertThat(bench.condition("Warning")).isEqualTo("False/None");
    assertThat(bench.journal.logs()).containsEntry("6f2b", "half and the rest");
    assertThat(bench.journal.changes())
        .containsExactly("->Pending", "Pending->Running", "Running->Cancelled");
    isOverForGood();
  }

  @Test
  void results_that_were_there_before_the_status_are_kept() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.terminated(0, "Completed", SUCCEEDED);
    bench.complete();
    cancel(null);
    bench.ring();
    bench.ring();
    isCancelled();
    assertThat(bench.status().artifacts()).hasSize(1);
    assertThat(bench.status().runner()).containsEntry("status", "succeeded");
    isOverForGood();
  }

  @Test
  void a_run_that_is_over_stays_as_it_is() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.terminated(0, "Completed", SUCCEEDED);
    bench.complete();
    bench.ring();
    cancel(null);
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Succeeded");
    assertThat(bench.condition("Cancelled")).isNull();
    assertThat(bench.jobs()).hasSize(1);
  }

  @Test
  void a_pod_that_never_ends_is_told_of_and_waited_for_a_minute() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.podStatus(RUNNING);
    cancel(null);
    bench.ring();
    bench.ring();
    bench.later(Duration.ofSeconds(59));
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
    bench.later(Duration.ofSeconds(1));
    bench.ring();
    isCancelled();
    assertThat(bench.condition("Warning")).isEqualTo("True/CancelUnconfirmed");
    isOverForGood();
  }

  @Test
  void a_cluster_that_does_not_take_the_deletion_holds_the_end_up_for_a_minute() throws Exception {
    bench.givenAll();
    bench.ring();
    cancel(null);
    bench.ring();
    for (var trouble : List.of(new Unreachable("503"), rejected())) {
      bench.cluster.fail(asked -> asked.startsWith("delete jobs"), trouble);
      bench.ring();
      assertThat(bench.status().phase()).isEqualTo("Running");
    }
    bench.later(Duration.ofSeconds(60));
    bench.ring();
    isCancelled();
    assertThat(bench.condition("Warning")).isEqualTo("True/CancelUnconfirmed");
  }

  @Test
  void taking_the_request_back_stops_nothing() throws Exception {
    bench.givenAll();
    bench.ring();
    cancel(null);
    bench.ring();
    annotate(java.util.Collections.singletonMap("agents.proompteng.ai/cancel", null));
    bench.later(Duration.ofSeconds(4));
    bench.ring();
    isCancelled();
    isOverForGood();
  }

  @Test
  void a_run_that_cannot_be_read_is_cancelled_all_the_same() throws Exception {
    bench.givenAll();
    bench.givenRun("parameters: 7");
    cancel(null);
    bench.ring();
    var run = bench.cluster.cached(RUNS, RunBench.RUN).orElseThrow();
    assertThat(run.<String>get("status", "reason")).isEqualTo("UserRequested");
  }

  private void cancel(String reason) {
    annotate(Map.of("agents.proompteng.ai/cancel", "true"));
    if (reason != null) {
      annotate(Map.of("agents.proompteng.ai/cancel-reason", reason));
    }
  }

  private void annotate(Map<String, Object> annotations) {
    bench.cluster.mergePatch(
        RUNS, RunBench.RUN, Map.of("metadata", Map.of("annotations", annotations)));
  }

  private void isCancelled() {
    assertThat(bench.status().phase()).isEqualTo("Cancelled");
    assertThat(bench.status().reason()).isEqualTo("UserRequested");
    assertThat(bench.condition("Cancelled")).isEqualTo("True/UserRequested");
    assertThat(bench.condition("Succeeded")).isEqualTo("False/UserRequested");
    assertThat(bench.condition("Failed")).isNull();
  }

  private void isOverForGood() throws Exception {
    var status = bench.status();
    bench.later(Duration.ofMinutes(1));
    bench.ring();
    assertThat(bench.status()).isEqualTo(status);
    assertThat(bench.jobs()).isEmpty();
    assertThat(bench.cluster.there(ResourceType.CONFIG_MAP, "agents")).isEmpty();
  }

  /** The pod of a Job that is no more has ended. */
  private void ended(String job, String uid, String message) {
    bench.cluster.given(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s-x
          namespace: agents
          creationTimestamp: "2026-01-01T12:00:01Z"
          ownerReferences: [{apiVersion: batch/v1, kind: Job, name: x, uid: %s, controller: true}]
        spec: {containers: [{name: agent-runner}]}
        status: {phase: Failed, containerStatuses: [{name: agent-runner, state: {terminated:
          {exitCode: 130, reason: Error, message: '%s'}}}]}
        """
            .formatted(job, uid, message));
  }

  private static Rejected rejected() {
    return new Rejected(ai.proompteng.jangar.core.Reason.SubmitFailed, "403", null);
  }

  private static Key name(String name) {
    return new Key("agents", name);
  }
}

package ai.proompteng.jangar.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.runtime.RuntimeState.Working;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobObservationTest {
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final String COMPLETE =
      "{succeeded: 1, completionTime: '2026-01-01T12:01:00Z',"
          + " conditions: [{type: Complete, status: 'True'}]}";
  private static final String FAILED =
      "{failed: 1, conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded,"
          + " message: too often, lastTransitionTime: '2026-01-01T12:01:00Z'}]}";

  @Test
  void a_complete_job_succeeds_and_ended_when_it_says() {
    var ended = ended(COMPLETE, 65, terminated(0, "Completed", ""));
    assertThat(ended.phase()).isEqualTo(Phase.Succeeded);
    assertThat(ended.reason()).isEqualTo("Completed");
    assertThat(ended.finishedAt()).isEqualTo("2026-01-01T12:01:00Z");
  }

  @Test
  void a_complete_job_whose_pod_is_not_seen_to_end_is_looked_at_again_for_ten_seconds() {
    assertThat(working(COMPLETE, 69, running()).lookAgain()).isEqualTo(Duration.ofSeconds(1));
    assertThat(working(COMPLETE, 69)).isNotNull();
    assertThat(ended(COMPLETE, 70, running()).phase()).isEqualTo(Phase.Succeeded);
  }

  @ParameterizedTest
  @CsvSource({
    "succeeded, , , Succeeded, Completed",
    "failed, , , Failed, RunnerFailed",
    "failed, capacity, , Failed, ProviderCapacityExhausted",
    "failed, auth, , Failed, ProviderAuthUnavailable",
    "failed, other, RunnerDependencyMissing, Failed, RunnerDependencyMissing",
    "cancelled, , , Cancelled, RunnerCancelled"
  })
  void the_runner_has_the_last_word(
      String status, String errorClass, String why, Phase phase, String reason) {
    var message =
        "{\"status\":\"%s\",\"errorClass\":\"%s\",\"reason\":\"%s\",\"error\":\"e\"}"
            .formatted(status, errorClass == null ? "" : errorClass, why == null ? "" : why);
    for (var job : List.of(COMPLETE, FAILED)) {
      var ended = ended(job, 65, terminated(1, "Error", message));
      assertThat(ended.phase()).isEqualTo(phase);
      assertThat(ended.reason()).isEqualTo(reason);
      assertThat(ended.runner()).containsEntry("status", status);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Error, '', BackoffLimitExceeded",
    "OOMKilled, '', OOMKilled",
    "Error, 'some words', BackoffLimitExceeded",
    "Error, '{\"status\":\"well\"}', BackoffLimitExceeded",
    "Error, '{}', BackoffLimitExceeded",
    "Error, '{\"status\":null}', BackoffLimitExceeded",
    "Error, '{\"status\":7}', BackoffLimitExceeded",
    "Error, '{\"status\":', BackoffLimitExceeded"
  })
  void without_the_runner_memory_speaks_before_the_job(String pod, String message, String reason) {
    assertThat(ended(FAILED, 65, terminated(137, pod, message)).reason()).isEqualTo(reason);
  }

  @Test
  void a_runner_whose_agent_was_killed_for_memory_is_told_so_by_the_kubelet() {
    var said = "{\"status\":\"failed\",\"exitCode\":137,\"error\":\"sh was ended by SIGKILL\"}";
    var ended = ended(FAILED, 65, terminated(137, "OOMKilled", said));
    assertThat(ended.reason()).isEqualTo("OOMKilled");
    assertThat(ended.runner()).containsEntry("exitCode", 137);
  }

  @Test
  void a_failed_pod_alone_ends_nothing_while_attempts_remain() {
    assertThat(working("{failed: 1, active: 1}", 5, terminated(1, "Error", ""))).isNotNull();
  }

  @Test
  void a_deadline_is_the_jobs_own_reason() {
    var job =
        "{conditions: [{type: Failed, status: 'True', reason: DeadlineExceeded,"
            + " lastTransitionTime: '2026-01-01T12:01:00Z'}]}";
    assertThat(ended(job, 75).reason()).isEqualTo("DeadlineExceeded");
  }

  @Test
  void a_runner_that_the_deadline_stopped_has_failed_by_it() {
    var job = FAILED.replace("BackoffLimitExceeded", "DeadlineExceeded");
    var ended = ended(job, 65, terminated(130, "Error", "{\"status\":\"cancelled\"}"));
    assertThat(ended.phase()).isEqualTo(Phase.Failed);
    assertThat(ended.reason()).isEqualTo("DeadlineExceeded");
  }

  @Test
  void a_runner_may_be_done_before_its_job() {
    var pod = terminated(0, "Completed", "{\"status\":\"succeeded\"}");
    assertThat(working("{active: 1}", 5, pod).runner()).containsEntry("status", "succeeded");
  }

  @ParameterizedTest
  @CsvSource({
    "ErrImagePull, x, ImagePullBackOff, PodNotStartable",
    "ImagePullBackOff, x, ImagePullBackOff, PodNotStartable",
    "CreateContainerConfigError, 'secret \"keys\" not found', SecretNotFound, SecretNotFound",
    "CreateContainerConfigError, 'secret \"other\" not found', CreateContainerConfigError, PodNotStartable",
    "CreateContainerError, x, CreateContainerError, PodNotStartable"
  })
  void a_pod_that_cannot_start_says_why_at_once_and_ends_at_the_deadline(
      String waiting, String message, String why, String reason) {
    var pod =
        "{containerStatuses: [{name: agent-runner, image: i, state: {waiting: {reason: %s, message: '%s'}}}]}"
            .formatted(waiting, message);
    assertThat(working("{active: 1}", 2, pod).why()).isEqualTo(why);
    var ended = ended("{active: 1}", 901, pod);
    assertThat(ended.reason()).isEqualTo(reason);
    assertThat(ended.stillThere()).isTrue();
  }

  @Test
  void a_pod_that_no_node_takes_says_so() {
    var pod =
        "{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: none}]}";
    assertThat(working("{active: 1}", 2, pod).why()).isEqualTo("Unschedulable");
  }

  @Test
  void a_slow_start_is_no_news_for_a_minute() {
    var pod =
        "{containerStatuses: [{name: agent-runner, state: {waiting: {reason: ContainerCreating}}}]}";
    assertThat(working("{active: 1}", 30, pod).why()).isNull();
    assertThat(working("{active: 1}", 62, pod).why()).isEqualTo("PodNotStartable");
    assertThat(working("{}", 62).why()).isEqualTo("PodNotStartable");
    assertThat(ended("{}", 900).stillThere()).isTrue();
  }

  @Test
  void a_running_pod_may_take_its_time() {
    assertThat(working("{active: 1}", 10_000, running()).why()).isNull();
  }

  @Test
  void a_job_that_is_gone_ends_as_its_runner_said() {
    var pod = pod(terminated(0, "Completed", "{\"status\":\"succeeded\"}"));
    var ended = (Ended) JobObservation.vanished(List.of(pod));
    assertThat(ended.phase()).isEqualTo(Phase.Succeeded);
  }

  private static Ended ended(String job, long seconds, String... pods) {
    return (Ended) state(job, seconds, pods);
  }

  private static Working working(String job, long seconds, String... pods) {
    return (Working) state(job, seconds, pods);
  }

  private static RuntimeState state(String status, long seconds, String... pods) {
    var job =
        Serialization.unmarshal(
            "---\nmetadata: {name: j, creationTimestamp: '2026-01-01T12:00:00Z'}\nstatus: "
                + status,
            Job.class);
    return new JobObservation(
            job,
            Stream.of(pods).map(JobObservationTest::pod).toList(),
            START.plusSeconds(seconds),
            Duration.ofSeconds(900))
        .state();
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal(
        """
        ---
        metadata: {name: p, creationTimestamp: '2026-01-01T12:00:01Z'}
        spec: {containers: [{name: agent-runner, envFrom: [{secretRef: {name: keys}}]}]}
        status: %s
        """
            .formatted(status),
        Pod.class);
  }

  private static String running() {
    return "{containerStatuses: [{name: agent-runner, state: {running: {}}}]}";
  }

  private static String terminated(int code, String reason, String message) {
    return "{containerStatuses: [{name: agent-runner, state: {terminated: {exitCode: %d, reason: %s, message: '%s'}}}]}"
        .formatted(code, reason, message);
  }
}

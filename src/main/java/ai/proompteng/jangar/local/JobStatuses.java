package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What the Job controller says of a Job, from its pods. */
final class JobStatuses {
  private static final int DEFAULT_BACKOFF_LIMIT = 6;

  private JobStatuses() {}

  /** True once it is Complete or Failed. */
  static boolean finished(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    List.of("Complete", "Failed").contains(condition.getType())
                        && "True".equals(condition.getStatus()));
  }

  /** When its active deadline is; empty when it has none. */
  static Optional<Instant> deadline(Job job) {
    var status = job.getStatus();
    var seconds = job.getSpec().getActiveDeadlineSeconds();
    if (seconds == null || status == null || status.getStartTime() == null) {
      return Optional.empty();
    }
    return Optional.of(Instant.parse(status.getStartTime()).plusSeconds(seconds));
  }

  /** The status that these pods amount to. */
  static JobStatus of(Job job, List<Pod> pods, Instant now) {
    int succeeded = count(pods, "Succeeded");
    int failed = count(pods, "Failed");
    int active = pods.size() - succeeded - failed;
    var status =
        new JobStatusBuilder()
            .withStartTime(
                job.getStatus() == null || job.getStatus().getStartTime() == null
                    ? PodStatuses.time(now)
                    : job.getStatus().getStartTime())
            .withActive(active == 0 ? null : active)
            .withSucceeded(succeeded == 0 ? null : succeeded)
            .withFailed(failed == 0 ? null : failed)
            .build();
    if (succeeded > 0) {
      status.setCompletionTime(PodStatuses.time(now));
      return ended(
          status,
          "Complete",
          "CompletionsReached",
          "Reached expected number of succeeded pods",
          now);
    }
    if (deadline(job).filter(deadline -> !now.isBefore(deadline)).isPresent()) {
      status.setActive(null);
      return ended(
          status,
          "Failed",
          "DeadlineExceeded",
          "Job was active longer than specified deadline",
          now);
    }
    var rule = pods.stream().flatMap(pod -> failingRule(job, pod)).findFirst();
    if (rule.isPresent()) {
      return ended(status, "Failed", "PodFailurePolicy", rule.get(), now);
    }
    if (failed > backoffLimit(job)) {
      return ended(
          status,
          "Failed",
          "BackoffLimitExceeded",
          "Job has reached the specified backoff limit",
          now);
    }
    return status;
  }

  private static int backoffLimit(Job job) {
    return Objects.requireNonNullElse(job.getSpec().getBackoffLimit(), DEFAULT_BACKOFF_LIMIT);
  }

  private static JobStatus ended(
      JobStatus status, String type, String reason, String message, Instant now) {
    return new JobStatusBuilder(status)
        .addNewCondition()
        .withType(type)
        .withStatus("True")
        .withReason(reason)
        .withMessage(message)
        .withLastProbeTime(PodStatuses.time(now))
        .withLastTransitionTime(PodStatuses.time(now))
        .endCondition()
        .build();
  }

  private static Stream<String> failingRule(Job job, Pod pod) {
    var policy = job.getSpec().getPodFailurePolicy();
    if (policy == null || !"Failed".equals(phase(pod))) {
      return Stream.empty();
    }
    return terminated(pod)
        .flatMap(
            end ->
                policy.getRules().stream()
                    .filter(rule -> "FailJob".equals(rule.getAction()) && matches(rule, end))
                    .map(
                        rule ->
                            "Container exited with code "
                                + end.getExitCode()
                                + " for pod "
                                + pod.getMetadata().getName()
                                + " matching a FailJob rule"));
  }

  private static boolean matches(PodFailurePolicyRule rule, ContainerStateTerminated end) {
    var codes = rule.getOnExitCodes();
    if (codes == null) {
      return false;
    }
    boolean listed = codes.getValues().contains(end.getExitCode());
    return "In".equals(codes.getOperator()) == listed && end.getExitCode() != 0;
  }

  private static Stream<ContainerStateTerminated> terminated(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .map(status -> status.getState().getTerminated())
        .filter(Objects::nonNull);
  }

  private static int count(List<Pod> pods, String phase) {
    return (int) pods.stream().filter(pod -> phase.equals(phase(pod))).count();
  }

  private static String phase(Pod pod) {
    return pod.getStatus() == null ? null : pod.getStatus().getPhase();
  }
}

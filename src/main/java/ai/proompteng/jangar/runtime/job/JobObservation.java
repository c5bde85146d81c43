package ai.proompteng.jangar.runtime.job;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerVerdict;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.runtime.RuntimeState.Working;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a Job and its pods say of a run (agentrun.md 4.8). Pure.
 *
 * @param job as it stands
 * @param pods newest first
 * @param startDeadline how long a pod may fail to start
 */
record JobObservation(Job job, List<Pod> pods, Instant now, Duration startDeadline) {
  /** How long a finished Job's pod may lag behind it. */
  private static final Duration PODS_LAG = Duration.ofSeconds(10);

  /** As the Job controller says it. */
  private static final String DEADLINE = "DeadlineExceeded";

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(60);

  RuntimeState state() {
    var complete = condition("Complete");
    if (complete.isPresent() || count(job.getStatus().getSucceeded()) > 0) {
      var at = time(job.getStatus().getCompletionTime());
      return over(at == null ? since(complete) : at, this::succeeded);
    }
    var failed = condition("Failed");
    if (failed.isPresent()) {
      var ended = over(since(failed), at -> failed(failed.get(), at));
      return killed(stopped(failed.get(), ended));
    }
    return working();
  }

  /** What the pods alone say after their Job has vanished. */
  static RuntimeState vanished(List<Pod> pods) {
    return RunnerMessage.of(pods)
        .map(runner -> RunnerVerdict.of(runner, null))
        .orElseGet(
            () ->
                new Ended(
                    Phase.Failed,
                    Reason.JobMissing.name(),
                    "The Job is gone, and nobody saw how it ended",
                    null,
                    null,
                    false));
  }

  private RuntimeState over(Instant at, Function<Instant, RuntimeState> without) {
    var runner = RunnerMessage.of(pods);
    if (runner.isPresent()) {
      return RunnerVerdict.of(runner.get(), at);
    }
    var lagging = pods.stream().noneMatch(JobObservation::ended);
    if (lagging && at != null && now.isBefore(at.plus(PODS_LAG))) {
      return new Working(null, null, SOON);
    }
    return without.apply(at);
  }

  private RuntimeState succeeded(Instant at) {
    return new Ended(
        Phase.Succeeded, Reason.Completed.name(), "The Job is complete", at, null, false);
  }

  private RuntimeState failed(JobCondition condition, Instant at) {
    if (outOfMemory()) {
      return ended(Reason.OOMKilled.name(), "The runner was killed: it ran out of memory", at);
    }
    var reason = condition.getReason();
    return ended(
        reason == null || reason.isBlank() ? Reason.JobFailed.name() : reason,
        Optional.ofNullable(condition.getMessage()).orElse("The Job failed"),
        at);
  }

  /** A runner that was told to stop does not know by whom: it was the deadline. */
  private static RuntimeState stopped(JobCondition failed, RuntimeState state) {
    return state instanceof Ended ended
            && ended.phase() == Phase.Cancelled
            && DEADLINE.equals(failed.getReason())
        ? new Ended(
            Phase.Failed, DEADLINE, failed.getMessage(), ended.finishedAt(), ended.runner(), false)
        : state;
  }

  /** A runner outlives its agent, and knows of the signal alone: the kubelet knows what for. */
  private RuntimeState killed(RuntimeState state) {
    return state instanceof Ended ended
            && Reason.RunnerFailed.name().equals(ended.reason())
            && outOfMemory()
        ? new Ended(
            Phase.Failed,
            Reason.OOMKilled.name(),
            "The agent was killed: it ran out of memory",
            ended.finishedAt(),
            ended.runner(),
            false)
        : state;
  }

  private boolean outOfMemory() {
    return pods.stream()
        .flatMap(RunnerMessage::containers)
        .flatMap(RunnerMessage::terminations)
        .anyMatch(terminated -> Reason.OOMKilled.name().equals(terminated.getReason()));
  }

  private static Ended ended(String reason, String message, Instant at) {
    return new Ended(Phase.Failed, reason, message, at, null, false);
  }

  private RuntimeState working() {
    var pod = pods.stream().findFirst();
    if (pod.filter(JobObservation::started).isPresent()) {
      return new Working(null, null, AGAIN, RunnerMessage.of(pods).orElse(null));
    }
    var since =
        time(
            pod.map(any -> any.getMetadata().getCreationTimestamp())
                .orElse(job.getMetadata().getCreationTimestamp()));
    var waited = since == null ? Duration.ZERO : Duration.between(since, now);
    var trouble = StartTrouble.of(pod, waited);
    if (waited.compareTo(startDeadline) >= 0) {
      return trouble
          .map(found -> new Ended(Phase.Failed, found.reason(), found.message(), now, null, true))
          .orElseGet(
              () ->
                  new Ended(
                      Phase.Failed,
                      Reason.PodNotStartable.name(),
                      "The pod did not start in time",
                      now,
                      null,
                      true));
    }
    var left = startDeadline.minus(waited);
    var again = left.compareTo(StartTrouble.PATIENCE) < 0 ? left : StartTrouble.PATIENCE;
    return trouble
        .map(found -> new Working(found.why(), found.message(), again))
        .orElse(new Working(null, null, again));
  }

  private static boolean started(Pod pod) {
    return RunnerMessage.containers(pod)
        .anyMatch(
            container ->
                container.getState() != null
                        && (container.getState().getRunning() != null
                            || container.getState().getTerminated() != null)
                    || container.getLastState() != null
                        && container.getLastState().getTerminated() != null);
  }

  private static boolean ended(Pod pod) {
    return RunnerMessage.containers(pod).flatMap(RunnerMessage::terminations).findAny().isPresent();
  }

  private Optional<JobCondition> condition(String type) {
    return job.getStatus().getConditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .filter(condition -> "True".equals(condition.getStatus()))
        .findFirst();
  }

  private static Instant since(Optional<JobCondition> condition) {
    return condition.map(found -> time(found.getLastTransitionTime())).orElse(null);
  }

  private static int count(Integer number) {
    return number == null ? 0 : number;
  }

  private static Instant time(String text) {
    return text == null ? null : Instant.parse(text);
  }
}

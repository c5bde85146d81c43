package ai.proompteng.jangar.runtime.job;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerVerdict;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.runtime.RuntimeState.Working;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is left of a Job that is being deleted. Pure.
 *
 * @param there whether the Job itself still is
 * @param pods newest first
 * @param askedAt when it was first asked to stop
 */
record JobStopping(boolean there, List<Pod> pods, Instant askedAt, Instant now) {
  /** How long a pod that was just made may stay unseen. */
  private static final Duration UNSEEN = Duration.ofSeconds(3);

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Set<String> OVER = Set.of("Succeeded", "Failed");

  RuntimeState state() {
    var unseen = pods.isEmpty() && now.isBefore(askedAt.plus(UNSEEN));
    if (there || unseen || pods.stream().anyMatch(JobStopping::lives)) {
      return new Working(null, null, AGAIN, RunnerMessage.of(pods).orElse(null));
    }
    return RunnerMessage.of(pods)
        .<RuntimeState>map(runner -> RunnerVerdict.of(runner, null))
        .orElseGet(
            () ->
                new Ended(
                    Phase.Cancelled,
                    Reason.RunnerCancelled.name(),
                    "The work was stopped",
                    null,
                    null,
                    false));
  }

  private static boolean lives(Pod pod) {
    var status = pod.getStatus();
    if (status == null || OVER.contains(String.valueOf(status.getPhase()))) {
      return status == null;
    }
    var containers = status.getContainerStatuses();
    return containers.isEmpty() || !containers.stream().allMatch(JobStopping::ended);
  }

  private static boolean ended(ContainerStatus container) {
    return Optional.ofNullable(container.getState()).map(ContainerState::getTerminated).isPresent();
  }
}

package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What the kubelet says of a pod with one container. */
final class PodStatuses {
  private PodStatuses() {}

  /** It cannot start yet. */
  static PodStatus waiting(Pod pod, String reason, String message) {
    var startedAt = Instant.parse(pod.getMetadata().getCreationTimestamp());
    var state = new ContainerStateBuilder().withNewWaiting(message, reason).build();
    return status(pod, "Pending", state, startedAt, false);
  }

  static PodStatus running(Pod pod, Instant startedAt) {
    var state = new ContainerStateBuilder().withNewRunning(time(startedAt)).build();
    return status(pod, "Running", state, startedAt, true);
  }

  /** It has ended, by itself or by a signal. */
  static PodStatus ended(Pod pod, Ending ending) {
    var state =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(ending.exitCode())
            .withReason(
                ending.reason() != null
                    ? ending.reason()
                    : ending.exitCode() == 0 ? "Completed" : "Error")
            .withMessage(ending.message().isEmpty() ? null : ending.message())
            .withStartedAt(time(ending.startedAt()))
            .withFinishedAt(time(ending.finishedAt()))
            .endTerminated()
            .build();
    var phase = ending.exitCode() == 0 ? "Succeeded" : "Failed";
    return status(pod, phase, state, ending.startedAt(), false);
  }

  /**
   * How a container ended.
   *
   * @param reason null for the usual one of its exit code
   */
  record Ending(
      int exitCode, String reason, String message, Instant startedAt, Instant finishedAt) {}

  private static PodStatus status(
      Pod pod, String phase, ContainerState state, Instant startedAt, boolean ready) {
    var container = pod.getSpec().getContainers().get(0);
    return new PodStatusBuilder()
        .withPhase(phase)
        .withStartTime(time(startedAt))
        .withHostIP("127.0.0.1")
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready ? "True" : "False")
        .endCondition()
        .addNewContainerStatus()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID("")
        .withReady(ready)
        .withStarted(ready)
        .withRestartCount(0)
        .withState(state)
        .endContainerStatus()
        .build();
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

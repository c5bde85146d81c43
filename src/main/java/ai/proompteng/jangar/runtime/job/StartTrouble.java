package ai.proompteng.jangar.runtime.job;

import ai.proompteng.jangar.core.Reason;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What keeps a pod from starting.
 *
 * @param why in the cluster's own word, as {@code status.why} shows it meanwhile
 * @param reason what the run ends with when the deadline passes
 */
record StartTrouble(String why, String reason, String message) {
  /** How long a pod may take to start before that is news. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Set<String> NO_TROUBLE = Set.of("ContainerCreating", "PodInitializing");

  /** One word for the two between which the kubelet alternates. */
  private static final Map<String, String> SAME = Map.of("ErrImagePull", "ImagePullBackOff");

  /** Of the newest pod, or of there being none. */
  static Optional<StartTrouble> of(Optional<Pod> pod, Duration waited) {
    if (pod.isEmpty()) {
      return slow(waited, "The Job has no pod: its Events say why");
    }
    var waiting = waiting(pod.get());
    if (waiting.isPresent()) {
      return waiting;
    }
    var unschedulable = unschedulable(pod.get());
    return unschedulable.isPresent()
        ? unschedulable
        : slow(waited, "The pod does not start: its Events say why");
  }

  private static Optional<StartTrouble> waiting(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    var status = pod.getStatus();
    return Stream.concat(
            status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
        .flatMap(container -> waiting(pod, container).stream())
        .findFirst();
  }

  private static Optional<StartTrouble> waiting(Pod pod, ContainerStatus container) {
    return Optional.ofNullable(container.getState())
        .map(state -> state.getWaiting())
        .filter(waiting -> waiting.getReason() != null && !NO_TROUBLE.contains(waiting.getReason()))
        .map(waiting -> named(pod, container, waiting));
  }

  private static StartTrouble named(
      Pod pod, ContainerStatus container, ContainerStateWaiting waiting) {
    var why = SAME.getOrDefault(waiting.getReason(), waiting.getReason());
    if (why.equals("ImagePullBackOff")) {
      return trouble(why, "The image cannot be pulled: " + container.getImage());
    }
    var said = Optional.ofNullable(waiting.getMessage()).orElse(why);
    if (why.equals("CreateContainerConfigError") && missesSecret(pod, said)) {
      return new StartTrouble(
          Reason.SecretNotFound.name(), Reason.SecretNotFound.name(), "Missing: " + said);
    }
    return trouble(why, said);
  }

  // the kubelet has no reason of its own for it, and the Secret itself is not ours to look at
  // (decision 30): the name must be one the pod asks for
  private static boolean missesSecret(Pod pod, String said) {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getEnvFrom().stream())
        .filter(source -> source.getSecretRef() != null)
        .map(source -> source.getSecretRef().getName())
        .anyMatch(name -> said.equals("secret \"" + name + "\" not found"));
  }

  private static Optional<StartTrouble> unschedulable(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return pod.getStatus().getConditions().stream()
        .filter(condition -> "PodScheduled".equals(condition.getType()))
        .filter(condition -> "False".equals(condition.getStatus()))
        .findFirst()
        .map(StartTrouble::of);
  }

  private static StartTrouble of(PodCondition condition) {
    return trouble(
        Optional.ofNullable(condition.getReason()).orElse("Unschedulable"),
        Optional.ofNullable(condition.getMessage()).orElse("No node takes the pod"));
  }

  private static Optional<StartTrouble> slow(Duration waited, String message) {
    return waited.compareTo(PATIENCE) < 0
        ? Optional.empty()
        : Optional.of(trouble(Reason.PodNotStartable.name(), message));
  }

  private static StartTrouble trouble(String why, String message) {
    return new StartTrouble(why, Reason.PodNotStartable.name(), message);
  }
}

package ai.proompteng.jangar.runtime.job;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the runner's last words in the termination messages of its pods (agentrun.md 4.8). */
final class RunnerMessage {
  private static final Set<String> OUTCOMES = Set.of("succeeded", "failed", "cancelled");

  private RunnerMessage() {}

  /** The status a runner left, of the newest pod that has one. */
  static Optional<Map<String, Object>> of(List<Pod> newestFirst) {
    return newestFirst.stream()
        .flatMap(RunnerMessage::containers)
        .flatMap(RunnerMessage::terminations)
        .flatMap(terminated -> parse(terminated.getMessage()).stream())
        .findFirst();
  }

  /** The pod's container statuses, the runner's own first. */
  static Stream<ContainerStatus> containers(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(status -> status.getContainerStatuses().stream())
        .orElse(Stream.empty())
        .sorted(
            Comparator.comparing(container -> !JobManifests.CONTAINER.equals(container.getName())));
  }

  /** How the container ended, now and the time before. */
  static Stream<ContainerStateTerminated> terminations(ContainerStatus container) {
    return Stream.of(
            Optional.ofNullable(container.getState()),
            Optional.ofNullable(container.getLastState()))
        .flatMap(Optional::stream)
        .map(ContainerState::getTerminated)
        .filter(terminated -> terminated != null);
  }

  private static Optional<Map<String, Object>> parse(String message) {
    if (message == null || !message.stripLeading().startsWith("{")) {
      return Optional.empty();
    }
    try {
      var status = Decoder.mapper().readValue(message, new TypeReference<Map<String, Object>>() {});
      return Optional.of(status)
          .filter(map -> map.get("status") instanceof String word && OUTCOMES.contains(word));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // an agent's own words, not a status
    }
  }
}

package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts the runs that are not over, from the cache: now and then, never per event. */
public final class RunCensus {
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);

  private final Cluster cluster;

  public RunCensus(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The runs of a namespace.
   *
   * @param running they have their work under way
   * @param waiting they are still to be submitted
   * @param blocked of those, the ones that say for what they wait
   * @param blockedSeconds how long the oldest of these has; 0 for none
   */
  public record Count(int running, int waiting, int blocked, double blockedSeconds) {}

  /** The count of each watched namespace. */
  public Map<String, Count> count(Instant now) {
    return cluster.namespaces().stream()
        .collect(Collectors.toMap(namespace -> namespace, namespace -> count(namespace, now)));
  }

  private Count count(String namespace, Instant now) {
    int running = 0;
    int waiting = 0;
    int blocked = 0;
    double longest = 0;
    for (var run : cluster.cached(RUNS, namespace)) {
      var status =
          run.getAdditionalProperties().get("status") instanceof Map<?, ?> map ? map : Map.of();
      var phase =
          status.get("phase") instanceof String word ? Phase.of(word) : Optional.<Phase>empty();
      if (phase.filter(is -> is == Phase.Running).isPresent()) {
        running++;
      } else if (phase.isEmpty() || phase.get() == Phase.Pending) {
        waiting++;
        var since = blockedSince(status, run);
        if (since.isPresent()) {
          blocked++;
          longest = Math.max(longest, Duration.between(since.get(), now).toMillis() / 1000.0);
        }
      }
    }
    return new Count(running, waiting, blocked, longest);
  }

  private static Optional<Instant> blockedSince(Map<?, ?> status, GenericKubernetesResource run) {
    var conditions = status.get("conditions") instanceof List<?> list ? list : List.of();
    for (var one : conditions) {
      if (one instanceof Map<?, ?> condition
          && "Blocked".equals(condition.get("type"))
          && "True".equals(condition.get("status"))) {
        return Optional.of(
            instant(condition.get("lastTransitionTime"))
                .or(() -> instant(run.getMetadata().getCreationTimestamp()))
                .orElse(Instant.EPOCH));
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> instant(Object text) {
    try {
      return text instanceof String time
          ? Optional.of(OffsetDateTime.parse(time).toInstant())
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}

package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;

/** Lists Agents as the informers have them, newest first (orchestration-and-api.md 3.3). */
public final class AgentList {
  private static final ResourceType TYPE = ResourceType.of(Kind.AGENT);
  private static final Comparator<GenericKubernetesResource> NEWEST_FIRST =
      Comparator.comparing(AgentList::created)
          .thenComparing(agent -> agent.getMetadata().getUid())
          .reversed();

  private final Cluster cluster;
  private final Places places;

  public AgentList(Cluster cluster, Places places) {
    this.cluster = cluster;
    this.places = places;
  }

  /** {@code {ok, agents, nextCursor?}}. */
  Answer list(Call call) {
    var query = call.query().only("namespace", "labelSelector", "since", "limit", "cursor");
    if (!cluster.synced(TYPE)) {
      throw new Unreachable("the Agents are not listed yet");
    }
    var labels = query.labels();
    var since = query.since();
    var after = query.cursor();
    int limit = query.limit();
    var page =
        places.all(query.namespace(), call.caller()).stream()
            .flatMap(place -> cluster.cached(TYPE, place).stream())
            .filter(agent -> has(agent, labels))
            .filter(agent -> since == null || !created(agent).isBefore(since))
            .filter(agent -> after == null || isBehind(agent, after))
            .sorted(NEWEST_FIRST)
            .limit(limit + 1L)
            .toList();
    var answer = Answer.ok().with("agents", page.subList(0, Math.min(limit, page.size())));
    return page.size() > limit ? answer.with("nextCursor", cursor(page.get(limit - 1))) : answer;
  }

  private static boolean has(GenericKubernetesResource agent, Map<String, String> labels) {
    var there = agent.getMetadata().getLabels();
    return labels.isEmpty() || there != null && there.entrySet().containsAll(labels.entrySet());
  }

  private static boolean isBehind(GenericKubernetesResource agent, Cursor after) {
    var order = created(agent).compareTo(after.createdAt());
    return order < 0
        || order == 0 && agent.getMetadata().getUid().compareTo(after.id().toString()) < 0;
  }

  private static Instant created(GenericKubernetesResource agent) {
    return Instant.parse(agent.getMetadata().getCreationTimestamp());
  }

  private static String cursor(GenericKubernetesResource last) {
    return new Cursor(created(last), java.util.UUID.fromString(last.getMetadata().getUid()))
        .toString();
  }
}

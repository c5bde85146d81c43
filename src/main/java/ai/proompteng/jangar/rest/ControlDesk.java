package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Pauses;
import ai.proompteng.jangar.store.Requests;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Pauses, resumes and cancels a namespace, an Agent, or everything (decision 38). */
public final class ControlDesk {
  private static final ResourceType AGENTS = ResourceType.of(Kind.AGENT);
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);
  private static final String SOURCE = "v1.control-plane";

  /** So that a request ends in time: whoever has more asks again. */
  private static final int MOST = 500;

  private final Cluster cluster;
  private final Pauses pauses;
  private final Requests requests;
  private final Places places;

  public ControlDesk(Cluster cluster, Pauses pauses, Requests requests, Places places) {
    this.cluster = cluster;
    this.pauses = pauses;
    this.requests = requests;
    this.places = places;
  }

  /** {@code {ok, paused}}: nothing new is started there. */
  Answer pause(Call call) {
    return set(call, true);
  }

  /** {@code {ok, paused}}: true when another pause still holds what was resumed. */
  Answer resume(Call call) {
    return set(call, false);
  }

  /** {@code {ok, cancelled, more}}: all active runs there are asked to end. */
  Answer cancel(Call call) {
    call.query().only();
    var key = call.requiredKey();
    var scope = StrictJson.read(call.body(), Scope.class).checked();
    var active = active(scope, namespaces(scope, call));
    active.stream().limit(MOST).forEach(run -> cancel(run, scope, call, key));
    return Answer.ok()
        .with("cancelled", Math.min(active.size(), MOST))
        .with("more", active.size() > MOST);
  }

  private Answer set(Call call, boolean paused) {
    call.query().only();
    var key = call.requiredKey();
    var scope = StrictJson.read(call.body(), Scope.class).checked();
    var namespaces = namespaces(scope, call);
    var namespace =
        scope.namespace() == null && scope.agent() == null
            ? Optional.<String>empty()
            : Optional.of(namespaces.get(0));
    note(call, key, namespace, scope, paused ? "control_plane.paused" : "control_plane.resumed");
    if (scope.agent() != null) {
      annotate(new Key(namespace.orElseThrow(), RunQuery.name(scope.agent())), paused);
      return Answer.ok().with("paused", paused);
    }
    if (paused) {
      pauses.pause(namespace, scope.reason(), call.caller().principal());
    } else {
      pauses.resume(namespace);
    }
    return Answer.ok().with("paused", paused || pauses.of(namespace.orElse("")).isPresent());
  }

  private List<String> namespaces(Scope scope, Call call) {
    if (scope.namespace() != null || scope.agent() != null) {
      return List.of(places.enter(scope.namespace(), call.caller()));
    }
    if (!places.watched().stream().allMatch(call.caller()::sees)) {
      throw ErrorCode.MISSING_FIELD.at("namespace", "namespace is missing: not all are yours");
    }
    return places.watched();
  }

  private void annotate(Key agent, boolean paused) {
    var annotations = Collections.singletonMap(WellKnown.PAUSED, paused ? (Object) "true" : null);
    Upstream.ask(
            () ->
                cluster.mergePatch(
                    AGENTS, agent, Map.of("metadata", Map.of("annotations", annotations))))
        .orElseThrow(() -> ErrorCode.NOT_FOUND.refuse("there is no such Agent"));
  }

  private List<GenericKubernetesResource> active(Scope scope, List<String> namespaces) {
    return namespaces.stream()
        .flatMap(namespace -> cluster.cached(RUNS, namespace).stream())
        .filter(run -> scope.agent() == null || scope.agent().equals(agentOf(run)))
        .filter(
            run -> RunObjects.phase(run).flatMap(Phase::of).filter(ControlDesk::still).isEmpty())
        .filter(run -> !annotated(run, WellKnown.TEMPLATE) && !annotated(run, WellKnown.CANCEL))
        .toList();
  }

  private static boolean still(Phase phase) {
    return phase.isFinal() || phase == Phase.Template;
  }

  private static String agentOf(GenericKubernetesResource run) {
    return Objects.toString(run.<Object>get("spec", "agentRef", "name"), null);
  }

  private static boolean annotated(GenericKubernetesResource run, String annotation) {
    var annotations = run.getMetadata().getAnnotations();
    return annotations != null && "true".equals(annotations.get(annotation));
  }

  private void cancel(GenericKubernetesResource run, Scope scope, Call call, String key) {
    var meta = run.getMetadata();
    requests.done(
        call.asked(SOURCE, meta.getNamespace()),
        "AgentRun",
        meta.getUid(),
        "agent_run.cancel_requested",
        String.join("/", meta.getUid(), "cancel", key),
        Map.of(
            "agentRunName", meta.getName(),
            "agentRunUid", meta.getUid(),
            "reason", scope.reason()));
    var annotations = Map.of(WellKnown.CANCEL, "true", WellKnown.CANCEL_REASON, scope.reason());
    Upstream.ask(
        () ->
            cluster.mergePatch(
                RUNS,
                new Key(meta.getNamespace(), meta.getName()),
                Map.of("metadata", Map.of("uid", meta.getUid(), "annotations", annotations))));
  }

  private void note(Call call, String key, Optional<String> namespace, Scope scope, String type) {
    var subject = namespace.orElse("*") + (scope.agent() == null ? "" : "/" + scope.agent());
    var details = new LinkedHashMap<String, Object>();
    details.put("namespace", namespace.orElse(null));
    details.put("agent", scope.agent());
    details.put("reason", scope.reason());
    requests.done(
        call.asked(SOURCE, namespace.orElse("")),
        "ControlPlane",
        "control-plane/" + subject,
        type,
        String.join("/", type, subject, key),
        details);
  }
}

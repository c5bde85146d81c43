package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.agent.AgentReconciler;
import ai.proompteng.jangar.agent.AgentView;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Ref;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.core.StandardConditions;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Requests;
import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes, changes and shows Agents over REST (orchestration-and-api.md 3.3). */
public final class AgentDesk {
  private static final String SOURCE = "v1.agents";
  private static final ResourceType TYPE = ResourceType.of(Kind.AGENT);
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");

  private final Cluster cluster;
  private final Requests requests;
  private final Places places;
  private final AgentReconciler reconciler = new AgentReconciler();

  public AgentDesk(Cluster cluster, Requests requests, Places places) {
    this.cluster = cluster;
    this.requests = requests;
    this.places = places;
  }

  /**
   * {@code {ok, agent}}: one that is new, or with {@code mode=apply} or {@code If-Match} changed.
   */
  Answer write(Call call) {
    var query = call.query().only("mode");
    var key = call.requiredKey();
    var body = StrictJson.read(call.body(), NewAgent.class);
    var namespace = places.enter(body.namespace(), call.caller());
    var agent = object(checked(body), namespace, key);
    Upstream.ask(() -> judged(agent));
    var asked = call.asked(SOURCE, namespace);
    requests.decided(asked, true, Map.of("subject", Map.of("kind", "Agent", "name", body.name())));
    var there = new Key(namespace, body.name());
    if (call.ifMatch() != null || query.apply()) {
      var old = Upstream.ask(() -> cluster.read(TYPE, there));
      if (old.isPresent()) {
        return changed(old.get(), agent, call.ifMatch(), asked);
      }
      if (call.ifMatch() != null) {
        throw ErrorCode.PRECONDITION_FAILED.refuse("there is no such Agent");
      }
    }
    return created(agent, asked);
  }

  /** {@code {ok, agent}}. */
  Answer show(Call call) {
    var query = call.query().only("namespace");
    var agent =
        RunQuery.isUuid(call.id())
            ? byUid(call.id(), query.namespace())
            : byName(
                new Key(places.enter(query.namespace(), call.caller()), RunQuery.name(call.id())));
    var found = agent.orElseThrow(() -> missing(call.id()));
    call.caller().enter(found.getMetadata().getNamespace(), () -> missing(call.id()));
    return told(Answer.ok(), found);
  }

  private Optional<GenericKubernetesResource> byName(Key key) {
    return Upstream.ask(() -> cluster.cached(TYPE, key).or(() -> cluster.read(TYPE, key)));
  }

  private static Refused missing(String id) {
    return ErrorCode.NOT_FOUND.refuse(
        "there is no such Agent", Map.of("kind", "Agent", "name", id));
  }

  private Optional<GenericKubernetesResource> byUid(String uid, String namespace) {
    return places.watched().stream()
        .filter(place -> namespace == null || place.equals(namespace))
        .flatMap(place -> cluster.cached(TYPE, place).stream())
        .filter(agent -> agent.getMetadata().getUid().equals(uid))
        .findFirst();
  }

  private Answer created(GenericKubernetesResource agent, Requests.Asked asked) {
    var made = Upstream.ask(() -> made(agent));
    note(asked, made, "agent.created");
    var meta = made.getMetadata();
    return told(
        Answer.created("/v1/agents/" + meta.getName() + "?namespace=" + meta.getNamespace()), made);
  }

  private GenericKubernetesResource made(GenericKubernetesResource agent) {
    try {
      return cluster.create(agent);
    } catch (AlreadyExists e) {
      var meta = agent.getMetadata();
      return cluster
          .read(TYPE, new Key(meta.getNamespace(), meta.getName()))
          .filter(there -> delivery(there).equals(delivery(agent)))
          .orElseThrow(
              () ->
                  ErrorCode.ALREADY_EXISTS.refuse(
                      "there is an Agent " + meta.getName() + " already",
                      Map.of("name", meta.getName(), "namespace", meta.getNamespace())));
    }
  }

  private Answer changed(
      GenericKubernetesResource old,
      GenericKubernetesResource agent,
      String ifMatch,
      Requests.Asked asked) {
    var meta = old.getMetadata();
    if (ifMatch != null && !ifMatch.equals(meta.getResourceVersion())) {
      throw ErrorCode.PRECONDITION_FAILED.refuse("the Agent has another version by now");
    }
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("resourceVersion", meta.getResourceVersion());
    metadata.put("labels", agent.getMetadata().getLabels());
    var patch = new LinkedHashMap<String, Object>();
    patch.put("metadata", metadata);
    patch.put("spec", MergePatch.of(old.get("spec"), agent.get("spec")));
    var now =
        Upstream.ask(
                () -> cluster.mergePatch(TYPE, new Key(meta.getNamespace(), meta.getName()), patch))
            .orElseThrow(() -> ErrorCode.CONFLICT.refuse("the Agent was deleted meanwhile"));
    note(asked, now, "agent.updated");
    return told(Answer.ok(), now);
  }

  private void note(Requests.Asked asked, GenericKubernetesResource agent, String type) {
    var meta = agent.getMetadata();
    requests.done(
        asked,
        "Agent",
        meta.getUid(),
        type,
        String.join("/", meta.getUid(), type, asked.deliveryId()),
        Map.of("name", meta.getName(), "agentUid", meta.getUid()));
  }

  private static Answer told(Answer answer, GenericKubernetesResource agent) {
    return answer
        .with("agent", RunObjects.told(agent))
        .header("ETag", "\"" + agent.getMetadata().getResourceVersion() + "\"");
  }

  /** The reconciler's own word; true, or refused. */
  private boolean judged(GenericKubernetesResource object) {
    var agent = Decoder.decode(Kind.AGENT, object);
    var provider =
        Ref.nameOf(agent.spec().providerRef())
            .map(name -> new Key(agent.metadata().namespace(), name))
            .flatMap(
                key ->
                    cluster
                        .cached(ResourceType.of(Kind.AGENT_PROVIDER), key)
                        .or(() -> cluster.read(ResourceType.of(Kind.AGENT_PROVIDER), key)))
            .map(found -> Decoder.attempt(Kind.AGENT_PROVIDER, found).resource());
    var said = reconciler.judge(new AgentView(agent, Optional.empty(), provider));
    Conditions.find(said, StandardConditions.INVALID_SPEC)
        .filter(condition -> condition.holds())
        .ifPresent(
            invalid -> {
              throw refusal(invalid.reason(), invalid.message(), agent.spec().providerRef());
            });
    return true;
  }

  private static RuntimeException refusal(String reason, String message, Ref provider) {
    if (reason.equals(Reason.MissingProvider.name())) {
      return ErrorCode.REFERENCE_NOT_FOUND.refuse(
          message, Map.of("kind", "AgentProvider", "name", Ref.nameOf(provider).orElse("")));
    }
    var details = Map.of("reason", reason, "path", message.split(" ", 2)[0]);
    return reason.equals(Reason.NotSupportedYet.name())
        ? ErrorCode.NOT_SUPPORTED_YET.refuse(message, details)
        : ErrorCode.INVALID_OBJECT.refuse(message, details);
  }

  private static NewAgent checked(NewAgent body) {
    Policy.notYet(body.policy());
    if (body.name() == null || body.name().isBlank()) {
      throw ErrorCode.MISSING_FIELD.at("name", "name is missing");
    }
    if (!NAME.matcher(body.name()).matches()) {
      throw ErrorCode.INVALID_FIELD.at("name", "name is no name of an object");
    }
    if (body.spec() == null) {
      throw ErrorCode.MISSING_FIELD.at("spec", "spec is missing");
    }
    if (body.spec().deliveryId() != null) {
      throw ErrorCode.INVALID_FIELD.at("spec.deliveryId", "spec.deliveryId is the request's key");
    }
    return body;
  }

  private static GenericKubernetesResource object(NewAgent body, String namespace, String key) {
    var spec =
        Decoder.mapper().convertValue(body.spec(), new TypeReference<Map<String, Object>>() {});
    spec.put("deliveryId", key);
    var agent = new GenericKubernetesResource();
    agent.setApiVersion(Kind.AGENT.apiVersion());
    agent.setKind(Kind.AGENT.kind());
    agent.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(body.name())
            .withLabels(Map.of(WellKnown.DELIVERY_ID, Names.keyLabel(key)))
            .build());
    agent.setAdditionalProperty("spec", spec);
    return agent;
  }

  private static String delivery(GenericKubernetesResource agent) {
    return String.valueOf(agent.<Object>get("spec", "deliveryId"));
  }
}

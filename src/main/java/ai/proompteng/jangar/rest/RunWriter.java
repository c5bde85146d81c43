package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.agentrun.RunJudge;
import ai.proompteng.jangar.agentrun.RunJudge.Judgement;
import ai.proompteng.jangar.agentrun.RunJudge.Ruling;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.IdempotencyKeys;
import ai.proompteng.jangar.store.Requests;
import ai.proompteng.jangar.store.RunRecord;
import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes runs that are asked for over REST (orchestration-and-api.md 3.4). */
public final class RunWriter {
  private static final String SOURCE = "v1.agent-runs";
  private static final ResourceType TYPE = ResourceType.of(Kind.AGENT_RUN);
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private static final Set<Reason> FORBIDDEN =
      Set.of(
          Reason.SecretNotAllowed,
          Reason.ServiceAccountNotAllowed,
          Reason.ImplementationSourceProviderNotAllowed,
          Reason.PodSecurityNotAllowed,
          Reason.EnvNotAllowed);

  private final Cluster cluster;
  private final RunJudge judge;
  private final IdempotencyKeys keys;
  private final Requests requests;
  private final Places places;

  public RunWriter(
      Cluster cluster, RunJudge judge, IdempotencyKeys keys, Requests requests, Places places) {
    this.cluster = cluster;
    this.judge = judge;
    this.keys = keys;
    this.requests = requests;
    this.places = places;
  }

  /** {@code {ok, agentRun, resource}}. */
  Answer create(Call call) {
    var query = call.query().only("dryRun");
    var key = call.requiredKey();
    var body = StrictJson.read(call.body(), NewRun.class).checked();
    var namespace = places.enter(body.namespace(), call.caller());
    var run = RunObjects.of(body, namespace, key, call.traceId());
    var known = query.dryRun() ? Optional.<Answer>empty() : known(body, run, key);
    if (known.isPresent()) {
      return known.get();
    }
    var asked = call.asked(SOURCE, namespace);
    var judgement = Upstream.ask(() -> judge.judge(run));
    judgement.ruling().ifPresent(ruling -> refuse(ruling, asked, run, query.dryRun()));
    return query.dryRun() ? dryRun(body, run, key, judgement) : create(body, run, asked, judgement);
  }

  private Answer create(
      NewRun body, GenericKubernetesResource run, Requests.Asked asked, Judgement judgement) {
    requests.decided(asked, true, Map.of("subject", subject(run)));
    var made = Upstream.ask(() -> made(run));
    var record = requests.created(record(body, made, asked.deliveryId()), asked);
    return Answer.created("/v1/agent-runs/" + record.id())
        .with("agentRun", RunReader.record(record, true))
        .with("resource", RunObjects.told(made));
  }

  private GenericKubernetesResource made(GenericKubernetesResource run) {
    try {
      return cluster.create(run);
    } catch (AlreadyExists e) {
      var meta = run.getMetadata();
      return cluster
          .read(TYPE, new Key(meta.getNamespace(), meta.getName()))
          .filter(there -> key(there).equals(key(run)))
          .orElseThrow(() -> ErrorCode.CONFLICT.refuse("another run has the name of this one"));
    }
  }

  /** The run that has the body's own key already, by another request (bars.md 4.7). */
  private Optional<Answer> known(NewRun body, GenericKubernetesResource run, String key) {
    var namespace = run.getMetadata().getNamespace();
    var agent = body.agent().orElseThrow();
    return keys.owner(namespace, agent, body.runKey(key))
        .filter(owner -> !owner.runName().equals(run.getMetadata().getName()))
        .map(owner -> known(owner, new Key(namespace, owner.runName()), agent, body.runKey(key)));
  }

  private Answer known(IdempotencyKeys.Owner owner, Key at, String agent, String key) {
    var there =
        Upstream.ask(() -> cluster.cached(TYPE, at).or(() -> cluster.read(TYPE, at)))
            .filter(run -> run.getMetadata().getUid().equals(owner.runUid()));
    if (owner.terminalPhase() == null && there.isPresent()) {
      throw ErrorCode.AGENT_RUN_EXISTS.refuse(
          "AgentRun already exists for idempotency key",
          Map.of(
              "namespace",
              at.namespace(),
              "agentName",
              agent,
              "idempotencyKey",
              key,
              "existingAgentRunName",
              at.name(),
              "phase",
              RunObjects.phase(there.get()).orElse("Pending")));
    }
    return Answer.ok()
        .with("idempotent", true)
        .with("existingAgentRunName", at.name())
        .with("resource", there.map(RunObjects::told).orElse(null));
  }

  private void refuse(
      Ruling ruling, Requests.Asked asked, GenericKubernetesResource run, boolean dry) {
    if (ruling instanceof Ruling.Missing missing) {
      throw ErrorCode.REFERENCE_NOT_FOUND.refuse(
          "There is no " + missing.kind() + " " + missing.name(),
          Map.of("kind", missing.kind(), "name", missing.name(), "namespace", asked.namespace()));
    }
    var refused = (Ruling.Refused) ruling;
    if (FORBIDDEN.contains(refused.reason()) && !dry) {
      requests.decided(
          asked,
          false,
          Map.of(
              "subject", subject(run),
              "reason", refused.reason().name(),
              "message", refused.message()));
    }
    throw refusal(refused);
  }

  private static Refused refusal(Ruling.Refused refused) {
    var details = new LinkedHashMap<String, Object>();
    details.put("reason", refused.reason().name());
    RunObjects.path(refused.message()).ifPresent(path -> details.put("path", path));
    var code =
        refused.reason() == Reason.NotSupportedYet
            ? ErrorCode.NOT_SUPPORTED_YET
            : FORBIDDEN.contains(refused.reason())
                ? ErrorCode.POLICY_DENIED
                : ErrorCode.INVALID_OBJECT;
    return code.refuse(refused.message(), details);
  }

  private static Answer dryRun(
      NewRun body, GenericKubernetesResource run, String key, Judgement judgement) {
    var fromRun = body.workload() != null && body.workload().image() != null;
    return Answer.ok()
        .with("dryRun", true)
        .with("idempotent", false)
        .with("namespace", run.getMetadata().getNamespace())
        .with("agentName", body.agent().orElseThrow())
        .with("providerName", judgement.provider())
        .with("idempotencyKey", body.runKey(key))
        .with("resource", run)
        .with("resolvedWorkloadImage", judgement.image())
        .with("resolvedWorkloadImageSource", fromRun ? "run" : "provider or default")
        .with("policy", Map.of())
        .with("admission", Map.of("ok", true));
  }

  private static Map<String, Object> subject(GenericKubernetesResource run) {
    return Map.of("kind", "AgentRun", "name", run.getMetadata().getName());
  }

  private static String key(GenericKubernetesResource run) {
    return String.valueOf(run.<Object>get("spec", "deliveryId"));
  }

  private static RunRecord record(NewRun body, GenericKubernetesResource made, String key) {
    var payload = new LinkedHashMap<String, Object>();
    payload.put("request", Decoder.mapper().convertValue(body, OBJECT));
    payload.put("resource", RunObjects.told(made));
    payload.put("status", Map.of());
    return new RunRecord(
        null,
        made.getMetadata().getNamespace(),
        body.agent().orElseThrow(),
        key,
        body.runtime().type(),
        RunObjects.phase(made).orElse("Pending"),
        made.getMetadata().getName(),
        made.getMetadata().getUid(),
        payload,
        null,
        null);
  }
}

package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Forbidden;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Claim;
import ai.proompteng.jangar.store.RunRequest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes the AgentRun of a claim: the same one, whoever makes it and however often. */
final class RunCreator {
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);
  private static final Pattern ISSUE = Pattern.compile("([^/#\\s]+/[^/#\\s]+)#(\\d+)");

  private final Cluster cluster;

  RunCreator(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The uid of the claim's run, made now or before.
   *
   * @throws Rejected when the API server would not have it, or its name is another's
   */
  String create(Claim claim) {
    try {
      return cluster.create(run(claim)).getMetadata().getUid();
    } catch (AlreadyExists e) {
      return made(claim);
    } catch (Forbidden e) {
      throw new Unreachable("run " + claim.runName() + " may not be created now", e);
    }
  }

  private String made(Claim claim) {
    var key = new Key(claim.request().namespace(), claim.runName());
    var there =
        cluster
            .read(RUNS, key)
            .orElseThrow(() -> new Unreachable("run " + key + " was there and is gone"));
    var annotations = there.getMetadata().getAnnotations();
    if (annotations == null
        || !claim.id().toString().equals(annotations.get(WellKnown.WORK_ITEM_CLAIM))) {
      throw new Rejected(Reason.NameCollision, "run " + key + " is not of this claim");
    }
    return there.getMetadata().getUid();
  }

  static GenericKubernetesResource run(Claim claim) {
    var request = claim.request();
    var run = new GenericKubernetesResource();
    run.setApiVersion(Kind.AGENT_RUN.apiVersion());
    run.setKind(Kind.AGENT_RUN.kind());
    run.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(request.namespace())
            .withName(claim.runName())
            .withLabels(
                Map.of(
                    WellKnown.DELIVERY_ID,
                    claim.id().toString(),
                    WellKnown.AGENT,
                    Names.labelValue(request.agent()),
                    WellKnown.SOURCE_PROVIDER,
                    Names.labelValue(request.provider())))
            .withAnnotations(annotations(claim))
            // there before the run is: nothing is ever made for it that nobody would tear down
            .withFinalizers(WellKnown.RUNTIME_CLEANUP)
            .build());
    run.setAdditionalProperty("spec", spec(claim));
    return run;
  }

  private static Map<String, String> annotations(Claim claim) {
    var annotations = new LinkedHashMap<String, String>();
    annotations.put(WellKnown.WORK_ITEM_CLAIM, claim.id().toString());
    annotations.put(WellKnown.SOURCE_ID, claim.request().sourceId());
    if (claim.request().traceId() != null) {
      annotations.put(WellKnown.TRACE_ID, claim.request().traceId());
    }
    if (claim.request().contentHash() != null) {
      annotations.put(WellKnown.SOURCE_CONTENT_HASH, claim.request().contentHash());
    }
    if (claim.request().version() != null) {
      annotations.put(WellKnown.SOURCE_VERSION, claim.request().version().toString());
    }
    return annotations;
  }

  private static Map<String, Object> spec(Claim claim) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("agentRef", Map.of("name", claim.request().agent()));
    spec.put("implementationSpecRef", Map.of("name", claim.request().spec()));
    spec.put("runtime", Map.of("type", "job"));
    spec.put("idempotencyKey", claim.id().toString());
    var parameters = parameters(claim.request());
    if (!parameters.isEmpty()) {
      spec.put("parameters", parameters);
    }
    return spec;
  }

  /** Where the work is; never what it says: that is read when the run is accepted. */
  private static Map<String, String> parameters(RunRequest request) {
    var issue = ISSUE.matcher(request.externalId() == null ? "" : request.externalId());
    return issue.matches()
        ? Map.of("repository", issue.group(1), "issueNumber", issue.group(2))
        : Map.of();
  }
}

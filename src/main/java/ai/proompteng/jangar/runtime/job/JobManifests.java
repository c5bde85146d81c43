package ai.proompteng.jangar.runtime.job;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.runtime.RunSpec;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A run's ConfigMap and Job, field by field (agentrun.md 4.1 to 4.6). Pure. */
public final class JobManifests {
  /** The container, by name. */
  public static final String CONTAINER = "agent-runner";

  /** Where the runner leaves its last words. */
  static final String STATUS_FILE = "/workspace/.agent/status.json";

  private static final Pattern EXPANDED = Pattern.compile("\\$(?=[$(])");
  private static final int RUNNER_SAYS_INVALID = 2;

  private JobManifests() {}

  /** The name of the run's Job, and of its ConfigMap. */
  public static String name(String runName, String runUid) {
    return Names.childName(runName, runUid, "job");
  }

  /** What the pod reads; never changed afterwards. */
  public static ConfigMap configMap(RunSpec run) {
    var data = new TreeMap<String, String>();
    data.put("run.json", run.documents().runJson());
    data.put("agent-runner.json", run.documents().runnerJson());
    var files = run.documents().files();
    for (int i = 0; i < files.size(); i++) {
      data.put(JobVolumes.inputKey(i), files.get(i).content());
    }
    return new ConfigMapBuilder()
        .withMetadata(child(run))
        .withImmutable(true)
        .withData(data)
        .build();
  }

  /**
   * The Job.
   *
   * @throws Rejected when something schemaless in the run has another shape than Kubernetes'
   */
  public static Job job(RunSpec run) {
    try {
      return build(run);
    } catch (IllegalArgumentException e) {
      var cause = e.getMessage().lines().findFirst().orElse("not a pod's field");
      throw new Rejected(Reason.SubmitFailed, "The pod cannot be described: " + cause, e);
    }
  }

  private static Job build(RunSpec run) {
    var limits = run.limits();
    var timeout = limits.timeoutSeconds();
    return new JobBuilder()
        .withMetadata(child(run))
        .withNewSpec()
        .withBackoffLimit(limits.backoffLimit())
        .withTtlSecondsAfterFinished(limits.ttlSeconds())
        .withActiveDeadlineSeconds(timeout == null || timeout <= 0 ? null : timeout.longValue())
        .withNewPodFailurePolicy()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(CONTAINER)
        .withOperator("In")
        .withValues(RUNNER_SAYS_INVALID)
        .endOnExitCodes()
        .endRule()
        .endPodFailurePolicy()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels(run.run()))
        .withAnnotations(annotations(run.run()))
        .endMetadata()
        .withSpec(pod(run))
        .endTemplate()
        .endSpec()
        .build();
  }

  private static PodSpec pod(RunSpec run) {
    var pod = run.pod();
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withServiceAccountName(pod.serviceAccount())
        .withAutomountServiceAccountToken(pod.automountServiceAccountToken())
        .withShareProcessNamespace(true) // the runner signals what its child started
        .withNodeSelector(strings(pod.nodeSelector()))
        .withTolerations(all(pod.tolerations(), Toleration.class))
        .withTopologySpreadConstraints(
            all(pod.topologySpreadConstraints(), TopologySpreadConstraint.class))
        .withAffinity(one(pod.affinity(), Affinity.class))
        .withSecurityContext(one(pod.securityContext(), PodSecurityContext.class))
        .withPriorityClassName(pod.priorityClassName())
        .withSchedulerName(pod.schedulerName())
        .withImagePullSecrets(
            pod.imagePullSecrets().stream().map(LocalObjectReference::new).toList())
        .withContainers(container(run))
        .withVolumes(JobVolumes.volumes(run))
        .build();
  }

  private static Container container(RunSpec run) {
    var container = run.container();
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(container.image())
        .withCommand(literal(container.binary()))
        .withArgs(container.args().stream().map(JobManifests::literal).toList())
        .withEnv(
            container.env().entrySet().stream()
                .map(env -> new EnvVar(env.getKey(), literal(env.getValue()), null))
                .toList())
        .withEnvFrom(container.secrets().stream().map(JobManifests::allOf).toList())
        .withResources(resources(container.resources()))
        .withSecurityContext(securityContext(container.securityContext()))
        .withTerminationMessagePath(STATUS_FILE)
        .withTerminationMessagePolicy("File")
        .withVolumeMounts(JobVolumes.mounts(run))
        .build();
  }

  // Kubernetes would put a variable's value, a secret one too, in the place of $(NAME)
  private static String literal(String text) {
    return EXPANDED.matcher(text).replaceAll("\\$\\$");
  }

  private static EnvFromSource allOf(String secret) {
    return new EnvFromSourceBuilder().withNewSecretRef(secret, null).build();
  }

  private static SecurityContext securityContext(Map<String, Object> provider) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("runAsNonRoot", true);
    fields.put("runAsUser", 65_532);
    fields.put("readOnlyRootFilesystem", true);
    fields.put("allowPrivilegeEscalation", false);
    fields.put("capabilities", Map.of("drop", List.of("ALL")));
    fields.put("seccompProfile", Map.of("type", "RuntimeDefault"));
    fields.putAll(provider);
    return one(fields, SecurityContext.class);
  }

  private static ResourceRequirements resources(AgentRunSpec.Resources resources) {
    var requirements = new ResourceRequirements();
    requirements.setRequests(quantities(resources.requests()));
    requirements.setLimits(quantities(resources.limits()));
    return requirements;
  }

  private static Map<String, Quantity> quantities(Map<String, String> amounts) {
    var quantities = new TreeMap<String, Quantity>();
    amounts.forEach((name, amount) -> quantities.put(name, Quantity.parse(amount)));
    return quantities;
  }

  private static ObjectMeta child(RunSpec run) {
    var owner = run.run();
    return new ObjectMetaBuilder()
        .withName(name(owner.name(), owner.uid()))
        .withNamespace(owner.namespace())
        .withLabels(labels(owner))
        .withAnnotations(annotations(owner))
        .addNewOwnerReference()
        .withApiVersion(Kind.AGENT_RUN.apiVersion())
        .withKind(Kind.AGENT_RUN.kind())
        .withName(owner.name())
        .withUid(owner.uid())
        .withController(true)
        .endOwnerReference()
        .build();
  }

  private static Map<String, String> labels(RunSpec.Owner run) {
    var labels = new TreeMap<String, String>();
    labels.put(WellKnown.AGENT_RUN, run.name());
    labels.put(WellKnown.AGENT, Names.labelValue(run.agent()));
    labels.put(WellKnown.PROVIDER, Names.labelValue(run.provider()));
    if (run.implementation() != null) {
      labels.put(WellKnown.IMPLEMENTATION, Names.labelValue(run.implementation()));
    }
    return labels;
  }

  private static Map<String, String> annotations(RunSpec.Owner run) {
    return new TreeMap<>(
        Map.of(WellKnown.AGENT_RUN_NAME, run.name(), WellKnown.TRACE_ID, run.traceId()));
  }

  private static <T> T one(Map<String, Object> fields, Class<T> type) {
    return fields == null || fields.isEmpty() ? null : Decoder.mapper().convertValue(fields, type);
  }

  private static <T> List<T> all(List<Object> entries, Class<T> type) {
    return entries.stream().map(entry -> Decoder.mapper().convertValue(entry, type)).toList();
  }

  private static Map<String, String> strings(Map<String, Object> map) {
    var strings = new TreeMap<String, String>();
    map.forEach((key, value) -> strings.put(key, String.valueOf(value)));
    return strings;
  }
}

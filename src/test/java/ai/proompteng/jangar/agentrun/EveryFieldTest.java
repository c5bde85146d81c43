package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentSpec;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.runtime.job.JobAdapter;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.Samples;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No field is silently ignored (decision 47): what is set changes what the runtime gets, or the run
 * is refused by the field's name.
 */
class EveryFieldTest {
  private static final Map<String, Class<?>> SPECS =
      Map.of(
          "AgentRun", AgentRunSpec.class,
          "Agent", AgentSpec.class,
          "AgentProvider", AgentProviderSpec.class,
          "ImplementationSpec", ImplementationSpecSpec.class);

  private static final Map<String, String> LEAST =
      Map.of(
          "AgentRun",
          "{agentRef: {name: sample}, runtime: {type: job}, secrets: [given],"
              + " implementationSpecRef: {name: task}}",
          "Agent",
          "{providerRef: {name: sample}}",
          "AgentProvider",
          "{binary: /usr/local/bin/agent-runner, adapter: {type: exec, exec: {binary: agent}},"
              + " argsTemplate: ['{{agent.config.model}}']}",
          "ImplementationSpec",
          "{text: do it}");

  /** What each field is set to; a field whose parent stands here is set with it. */
  private static final Map<String, JsonNode> SET =
      fields(
          """
          AgentRun.agentRef.name: other
          AgentRun.implementationSpecRef.name: other
          AgentRun.implementation.inline: {text: do that}
          AgentRun.goal: {objective: x, tokenBudget: 1}
          AgentRun.runtime.type: temporal
          AgentRun.runtime.config.serviceAccount: builder
          AgentRun.runtime.config.serviceAccountName: builder
          AgentRun.runtime.config.ttlSecondsAfterFinished: 600
          AgentRun.runtime.config.logRetentionSeconds: 5
          AgentRun.runtime.config.backoffLimit: 3
          AgentRun.runtime.config.timeoutSeconds: 60
          AgentRun.runtime.config.resources: {requests: {cpu: "1"}}
          AgentRun.runtime.config.nodeSelector: {a: b}
          AgentRun.runtime.config.tolerations: [{key: a}]
          AgentRun.runtime.config.topologySpreadConstraints: [{maxSkew: 1}]
          AgentRun.runtime.config.affinity: {nodeAffinity: {}}
          AgentRun.runtime.config.podSecurityContext: {fsGroup: 1}
          AgentRun.runtime.config.priorityClassName: high
          AgentRun.runtime.config.schedulerName: mine
          AgentRun.runtime.config.imagePullSecrets: [{name: pull}]
          AgentRun.workflow: {steps: [{name: s}]}
          AgentRun.workload.image: other:1
          AgentRun.workload.resources.requests: {cpu: "1"}
          AgentRun.workload.resources.limits: {cpu: "1"}
          AgentRun.workload.volumes:
            - {type: pvc, name: v, mountPath: /v, claimName: c, readOnly: true}
            - {type: emptyDir, name: w, mountPath: /w, sizeLimit: 1Gi, medium: Memory}
          AgentRun.parameters: {a: b}
          AgentRun.secrets: [keys]
          AgentRun.systemPrompt: be good
          AgentRun.systemPromptRef: {kind: Secret, name: s, key: k}
          AgentRun.memoryRef.name: m
          AgentRun.vcsRef.name: v
          AgentRun.vcsPolicy.required: true
          AgentRun.idempotencyKey: once
          AgentRun.deliveryId: once
          Agent.providerRef.name: other
          Agent.config: {model: m}
          Agent.configSchemaRef: {kind: ConfigMap, name: c, key: k}
          Agent.env: [{name: A, value: b}]
          Agent.security.allowedSecrets: []
          Agent.security.allowedServiceAccounts: [other]
          Agent.security.allowedImplementationSourceProviders: [github]
          Agent.memoryRef.name: m
          Agent.vcsRef.name: v
          Agent.defaults.systemPrompt: be good
          Agent.defaults.systemPromptRef: {kind: Secret, name: s, key: k}
          Agent.defaults.timeoutSeconds: 60
          AgentProvider.binary: /opt/other
          AgentProvider.argsTemplate: [a]
          AgentProvider.envTemplate: {A: b}
          AgentProvider.secretEnv: [{name: A, secretName: s, key: k, optional: true}]
          AgentProvider.inputFiles: [{path: /f, content: c}]
          AgentProvider.outputArtifacts: [{name: n, path: p, url: u}]
          AgentProvider.adapter: {type: codex-app-server}
          AgentProvider.adapter.exec: {binary: other}
          AgentProvider.health.capacityFailurePolicy: block
          AgentProvider.workload.image: other:1
          AgentProvider.workload.resources: {requests: {cpu: "1"}, limits: {cpu: "1"}}
          AgentProvider.workload.serviceAccountName: builder
          AgentProvider.workload.serviceAccountToken: {audience: a, expirationSeconds: 600, mountPath: /t}
          AgentProvider.workload.securityContext: {runAsUser: 1000}
          AgentProvider.workload.automountServiceAccountToken: true
          ImplementationSpec.text: do that
          ImplementationSpec.summary: that
          ImplementationSpec.description: so that
          ImplementationSpec.acceptanceCriteria: [done]
          ImplementationSpec.labels: [urgent]
          ImplementationSpec.source: {provider: github, externalId: "o/r#1", url: "https://x"}
          ImplementationSpec.vcsRef.name: v
          ImplementationSpec.contract.requiredKeys: [ticket]
          ImplementationSpec.contract.mappings: [{from: a, to: b}]
          """);

  /** Fields that a Job run has no use for, each with why. */
  private static final Map<String, String> NOTHING_TO_DO =
      Map.of(
          "AgentRun.vcsPolicy.mode", "without a VCS provider every mode comes to none (3.7, row 2)",
          "AgentRun.ttlSecondsAfterFinished", "kept for ever, and a Warning says so",
          "Agent.defaults.retryLimit", "the retries of workflow steps (1.3)",
          "Agent.deliveryId", "a mark of whoever made the object");

  @Test
  void each_field_is_set_here() {
    var known = new ArrayList<>(SET.keySet());
    known.addAll(NOTHING_TO_DO.keySet());
    var fields = new ArrayList<String>();
    SPECS.forEach((kind, spec) -> fields.addAll(leaves(kind, spec)));
    assertThat(fields).hasSizeGreaterThan(60);
    assertThat(fields)
        .allSatisfy(
            field ->
                assertThat(known)
                    .as(field)
                    .anyMatch(
                        set ->
                            field.equals(set)
                                || field.startsWith(set + ".")
                                || set.startsWith(field + ".")));
  }

  static Stream<String> set() {
    return SET.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("set")
  void what_is_set_has_an_effect_or_is_refused_by_its_name(String path) {
    var step = with(path);
    if (step instanceof RunStep.Refuse refused && refused.reason() == Reason.NotSupportedYet) {
      var field = path.replaceFirst("\\.name$", "");
      assertThat(refused.message()).contains(field.substring(field.indexOf('.')));
    } else {
      assertThat(effect(step)).isNotEqualTo(effect(with(null)));
    }
  }

  @Test
  void how_long_a_run_is_kept_has_no_effect_yet_and_that_is_said() {
    var spec =
        Decoder.mapper().convertValue(Map.of("ttlSecondsAfterFinished", 60), AgentRunSpec.class);
    var warning = Warnings.standing(spec, null);
    assertThat(warning.message()).contains("spec.ttlSecondsAfterFinished");
    assertThat(Conditions.holds(List.of(warning), "Warning")).isTrue();
  }

  /** What the runtime gets, without the hash of what was asked for. */
  private static Object effect(RunStep step) {
    return step instanceof RunStep.Submit submit
        ? List.of(submit.spec(), submit.outcome().artifacts())
        : step;
  }

  private static RunStep with(String path) {
    var cluster = new FakeCluster();
    cluster.given(object("Agent", "sample", path));
    cluster.given(object("AgentProvider", "sample", path));
    cluster.given(object("ImplementationSpec", "task", path));
    cluster.given(object("AgentRun", "run", path));
    var clock = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
    var runtime = new JobAdapter(cluster, clock, Duration.ofMinutes(15));
    var loader = new RunLoader(cluster, runtime, clock);
    var reconciler = new AgentRunReconciler(RunOptions.defaults(), RunnerDefaults.with("image:0"));
    var view = loader.load(new Key("agents", "run")).orElseThrow();
    var step = reconciler.next(view);
    return step instanceof RunStep.Accept ? reconciler.next(loader.accept(view)) : step;
  }

  private static String object(String kind, String name, String path) {
    var spec = (ObjectNode) Samples.documents(LEAST.get(kind)).get(0);
    if (path != null && path.startsWith(kind + ".")) {
      var parent = spec;
      var names = path.substring(kind.length() + 1).split("\\.");
      for (int i = 0; i + 1 < names.length; i++) {
        parent = parent.withObject("/" + names[i]);
      }
      parent.set(names[names.length - 1], SET.get(path));
    }
    return """
    {"apiVersion": "agents.proompteng.ai/v1alpha1", "kind": "%s", "spec": %s,
     "metadata": {"name": "%s", "namespace": "agents", "uid": "%s",
       "creationTimestamp": "2026-01-01T12:00:00Z",
       "finalizers": ["agents.proompteng.ai/runtime-cleanup"]}}"""
        .formatted(kind, spec, name, kind);
  }

  private static Map<String, JsonNode> fields(String yaml) {
    var fields = new TreeMap<String, JsonNode>();
    Samples.documents(yaml)
        .get(0)
        .properties()
        .forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  /** The paths of all fields of a spec that have none below them. */
  private static List<String> leaves(String path, Class<?> spec) {
    var leaves = new ArrayList<String>();
    for (var component : spec.getRecordComponents()) {
      var type = below(component.getGenericType());
      var here = path + "." + component.getName();
      // an inline task is an ImplementationSpec, which has its own rows
      var further = type.isRecord() && type != ImplementationSpecSpec.class;
      leaves.addAll(further ? leaves(here, type) : List.of(here));
    }
    return leaves;
  }

  private static Class<?> below(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? below(generic.getActualTypeArguments()[0])
          : (Class<?>) generic.getRawType();
    }
    return (Class<?>) type;
  }
}

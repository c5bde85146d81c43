package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.agentrun.RunJudge.Ruling;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.runtime.job.JobAdapter;
import ai.proompteng.jangar.testing.FakeCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run that is asked for gets the verdict that it gets when it is made. */
class RunJudgeTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
  private static final int OBJECTS = 500;

  private final FakeCluster cluster = new FakeCluster();
  private final RunLoader loader =
      new RunLoader(cluster, new JobAdapter(cluster, CLOCK, Duration.ofMinutes(1)), CLOCK);
  private final RunJudge judge = new RunJudge(loader, reconciler(60));
  private final Random random = new Random(42);

  @BeforeEach
  void objects() {
    provider("fine", "{type: exec, exec: {binary: /opt/agent}}", "");
    provider("bare", "{type: exec}", "");
    provider("later", "{type: codex-app-server}", "");
    provider("broken", "{type: exec, exec: {binary: /opt/agent}}", ready("False"));
    for (var provider : List.of("fine", "bare", "later", "broken", "none")) {
      agent("of-" + provider, provider, "", "");
    }
    agent("strict", "fine", "security: {allowedSecrets: [a], allowedServiceAccounts: [x]}", "");
    agent("picky", "fine", "security: {allowedImplementationSourceProviders: [linear]}", "");
    agent("env", "fine", "env: [{name: PATH, value: x}]", "");
    agent("remembers", "fine", "memoryRef: {name: m}", "");
    agent("unready", "fine", "", ready("False"));
    spec("fine", "text: do it", "");
    spec("blank", "text: ' '", "");
    spec("asks", "text: do it, contract: {requiredKeys: [ticket]}", "");
    spec("gone", "text: do it", condition("Stale", "True", "SourceDeleted"));
    spec("unready", "text: do it", ready("False"));
  }

  @Test
  void five_hundred_objects_get_one_verdict_whoever_makes_them() {
    var seen = new HashMap<String, Integer>();
    for (int i = 0; i < OBJECTS; i++) {
      var manifest = manifest(i);
      var asked = judge.judge(Serialization.unmarshal(manifest, GenericKubernetesResource.class));
      cluster.given(manifest);
      var key = new Key("agents", "run-" + i);
      var made = verdict(key, reconciler(60));
      seen.merge(word(asked.ruling(), made), 1, Integer::sum);
      if (asked.ruling().isEmpty()) {
        assertThat(made).as(manifest).isInstanceOfAny(RunStep.Submit.class, RunStep.Hold.class);
      } else if (asked.ruling().get() instanceof Ruling.Refused refused) {
        assertThat(reason(made)).as(manifest).contains(refused.reason());
      } else {
        var missing = (Ruling.Missing) asked.ruling().get();
        assertThat(made).as(manifest).isInstanceOf(RunStep.Hold.class);
        assertThat(missing.reason()).isIn(inTheEnd(key));
      }
    }
    assertThat(seen)
        .as("the objects are of all kinds")
        .containsKeys("Submit", "Hold", "Missing", "NotSupportedYet", "PodSecurityNotAllowed")
        .hasSizeGreaterThan(12);
  }

  /** What it fails by once nothing is waited for any more; it may be unready beside. */
  private List<Reason> inTheEnd(Key key) {
    var last = reason(verdict(key, reconciler(0))).orElseThrow();
    return last == Reason.ProviderNotReady ? List.of(Reason.MissingImplementation) : List.of(last);
  }

  private RunStep verdict(Key key, AgentRunReconciler reconciler) {
    var view = loader.load(key).orElseThrow();
    var step = reconciler.next(view);
    return step instanceof RunStep.Accept ? reconciler.next(loader.accept(view)) : step;
  }

  private static Optional<Reason> reason(RunStep step) {
    return step instanceof RunStep.Refuse refuse ? Optional.of(refuse.reason()) : Optional.empty();
  }

  private static String word(Optional<Ruling> ruling, RunStep step) {
    return ruling
        .map(found -> found instanceof Ruling.Refused refused ? refused.reason().name() : "Missing")
        .orElse(step.getClass().getSimpleName());
  }

  private static AgentRunReconciler reconciler(int graceSeconds) {
    var usual = RunOptions.defaults();
    var options =
        new RunOptions(
            Duration.ofSeconds(graceSeconds),
            usual.immutable(),
            usual.idempotent(),
            usual.artifactsMax(),
            usual.artifactsStrict(),
            usual.settleFor(),
            usual.cleanupTimeout(),
            usual.logBytes());
    return new AgentRunReconciler(options, RunnerDefaults.with("image:1"));
  }

  private String manifest(int number) {
    return """
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: AgentRun
    metadata:
      name: run-%d
      namespace: agents
      finalizers: [agents.proompteng.ai/runtime-cleanup]
    spec: {agentRef: {name: %s}, %s, %s%s}
    """
        .formatted(number, agentName(), task(), runtime(), more());
  }

  private String agentName() {
    return often(
        "of-fine",
        "of-bare",
        "of-later",
        "of-broken",
        "of-none",
        "strict",
        "picky",
        "env",
        "remembers",
        "unready",
        "nobody");
  }

  private String task() {
    return often(
        "implementation: {inline: {text: do it}}",
        "implementation: {inline: {text: ' '}}",
        "implementation: {inline: {text: x, source: {provider: linear}}}",
        "implementation: {inline: {text: x, vcsRef: {name: v}}}",
        "implementationSpecRef: {name: fine}",
        "implementationSpecRef: {name: blank}",
        "implementationSpecRef: {name: asks}",
        "implementationSpecRef: {name: gone}",
        "implementationSpecRef: {name: unready}",
        "implementationSpecRef: {name: nobody}");
  }

  private String runtime() {
    return often(
        "runtime: {type: job}",
        "runtime: {type: argo}",
        "runtime: {type: job, config: {serviceAccount: x}}",
        "runtime: {type: job, config: {backoffLimit: many}}",
        "runtime: {type: job, config: {podSecurityContext: {runAsUser: 0}}}");
  }

  private String more() {
    return often(
        "",
        ", secrets: [a]",
        ", secrets: [b]",
        ", parameters: {ticket: T-1}",
        ", parameters: {Prompt: x}",
        ", parameters: {big: '" + "x".repeat(3000) + "'}",
        ", workload: {volumes: [{type: pvc, name: v, mountPath: /v}]}",
        ", workload: {image: 'other:1'}",
        ", goal: {objective: x}",
        ", memoryRef: {name: m}");
  }

  /** The first one every other time. */
  private String often(String usual, String... others) {
    return random.nextBoolean() ? usual : others[random.nextInt(others.length)];
  }

  private void provider(String name, String adapter, String status) {
    given("AgentProvider", name, "{binary: /opt/runner, adapter: " + adapter + "}", status);
  }

  private void agent(String name, String provider, String more, String status) {
    var comma = more.isEmpty() ? "" : ", ";
    given("Agent", name, "{providerRef: {name: " + provider + "}" + comma + more + "}", status);
  }

  private void spec(String name, String spec, String status) {
    given("ImplementationSpec", name, "{" + spec + "}", status);
  }

  private void given(String kind, String name, String spec, String status) {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: %s
        metadata: {name: %s, namespace: agents}
        spec: %s
        %s
        """
            .formatted(kind, name, spec, status));
  }

  private static String ready(String status) {
    return condition("Ready", status, "InvalidSpec");
  }

  private static String condition(String type, String status, String reason) {
    return "status: {conditions: [{type: %s, status: '%s', reason: %s, message: m}]}"
        .formatted(type, status, reason);
  }
}

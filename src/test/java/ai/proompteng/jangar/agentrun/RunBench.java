package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.Guards;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.runtime.job.JobAdapter;
import ai.proompteng.jangar.telemetry.Meters;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.FakeIdempotencyKeys;
import ai.proompteng.jangar.testing.FakeJournal;
import ai.proompteng.jangar.testing.FakePauses;
import ai.proompteng.jangar.testing.Rings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** A run's routes over a cluster and a database in memory, with a clock that a test moves. */
final class RunBench implements AutoCloseable {
  static final Key RUN = new Key("agents", "fix-7");
  static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  final FakeCluster cluster = new FakeCluster();
  final FakeJournal journal = new FakeJournal();
  final FakePauses pauses = new FakePauses();
  final FakeIdempotencyKeys keys = new FakeIdempotencyKeys();
  final List<String> released = new ArrayList<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final RunnerDefaults defaults = RunnerDefaults.with("runner:1");
  private final Hands clock = new Hands();
  private final Rings rings;
  private final RunProcessors processors;
  private final AgentRunReconciler reconciler;

  RunBench() {
    var options = RunOptions.defaults();
    var runtime = new JobAdapter(cluster, clock, Duration.ofSeconds(900));
    var events = new Events(cluster, clock);
    var loader = new RunLoader(cluster, runtime, pauses, clock);
    var telemetry = new RunTelemetry(loader, new Meters(meters), clock);
    var reporter =
        new RunReporter(
            new RunStatuses(options.artifactsMax(), options.artifactsStrict()),
            loader,
            journal,
            new StatusWriter(cluster, clock),
            events,
            telemetry,
            clock);
    var aftermath =
        new RunAftermath(
            cluster,
            runtime,
            journal,
            (namespace, name, uid) -> released.add(name),
            keys,
            events,
            telemetry,
            options,
            clock);
    processors =
        new RunProcessors(
            loader,
            reporter,
            aftermath,
            new RunStops(runtime, aftermath, clock),
            runtime,
            new Guards(cluster),
            telemetry);
    reconciler = new AgentRunReconciler(options, defaults);
    rings = new Rings(routes(), "agentrun-reconcile");
  }

  /** The routes, for a context with error handlers of its own. */
  AgentRunRoutes routes() {
    return new AgentRunRoutes(processors, reconciler);
  }

  /** One pass that must not fail. */
  Exchange ring() throws Exception {
    var exchange = ringAnyhow();
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
    return exchange;
  }

  Exchange ringAnyhow() {
    return rings.ring(RUN.namespace(), RUN.name());
  }

  void later(Duration time) {
    clock.now = clock.now.plus(time);
  }

  Instant now() {
    return clock.now;
  }

  /** An Agent, its provider, a spec from GitHub, and a run that Jangar made. */
  void givenAll() {
    givenAgent("{providerRef: {name: sample}}");
    givenProvider(
        "{binary: /usr/local/bin/agent-runner, adapter: {type: exec, exec: {binary: agent}}}");
    givenTask();
    givenRun("");
  }

  void givenAgent(String spec) {
    given("Agent", "sample", "{}", spec);
  }

  void givenProvider(String spec) {
    given("AgentProvider", "sample", "{}", spec);
  }

  void givenTask() {
    given(
        "ImplementationSpec",
        "octo-hello-7-impl",
        """
        {agents.proompteng.ai/source-id: I_7, agents.proompteng.ai/label-since: '{"jangar":"2026-01-01T11:00:00Z/1"}',
         agents.proompteng.ai/source-content-hash: abc, agents.proompteng.ai/source-version: "2026-01-01T11:00:00Z"}""",
        """
        {text: "do {{x}} it", summary: Fix, labels: [jangar],
         source: {provider: github, externalId: "octo/hello#7", url: "https://github.com/octo/hello/issues/7"}}""");
  }

  /** A run with our finalizer already on. */
  void givenRun(String more) {
    givenRun(
        "finalizers: [agents.proompteng.ai/runtime-cleanup]",
        """
        agentRef: {name: sample}, implementationSpecRef: {name: octo-hello-7-impl},
        runtime: {type: job}"""
            + (more.isEmpty() ? "" : ", " + more));
  }

  void givenRun(String meta, String spec) {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: {name: fix-7, namespace: agents, uid: 6f2b, creationTimestamp: "2026-01-01T12:00:00Z", %s}
        spec: {%s}
        """
            .formatted(meta, spec.replace("\n", " ")));
  }

  private void given(String kind, String name, String annotations, String spec) {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: %s
        metadata: {name: %s, namespace: agents, annotations: %s}
        spec: %s
        """
            .formatted(kind, name, annotations.replace("\n", " "), spec.replace("\n", " ")));
  }

  Resource<AgentRunSpec, AgentRunStatus> run() {
    return cluster.cached(Kind.AGENT_RUN, RUN).orElseThrow();
  }

  AgentRunStatus status() {
    return run().status();
  }

  /** {@code True/Reason} of that condition, or null. */
  String condition(String type) {
    return Conditions.find(status().conditions(), type).map(RunBench::shown).orElse(null);
  }

  private static String shown(Condition condition) {
    return condition.status() + "/" + condition.reason();
  }

  List<GenericKubernetesResource> jobs() {
    return cluster.cached(ResourceType.JOB, "agents");
  }

  /** The Job controller's and the kubelet's words. */
  void jobStatus(String status) {
    var job = jobs().get(0);
    job.setAdditionalProperty("status", Serialization.unmarshal("---\n" + status, Map.class));
    cluster.put(job);
  }

  void podStatus(String status) {
    var job = jobs().get(0);
    cluster.given(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s-x
          namespace: agents
          creationTimestamp: "2026-01-01T12:00:01Z"
          ownerReferences: [{apiVersion: batch/v1, kind: Job, name: x, uid: %s, controller: true}]
        spec: {containers: [{name: agent-runner, envFrom: [{secretRef: {name: keys}}]}]}
        status: %s
        """
            .formatted(
                job.getMetadata().getName(),
                job.getMetadata().getUid(),
                status.replace("\n", " ")));
  }

  /** Somebody deletes the Job, and its pods go with it. */
  void loseJobAndPods() {
    for (var type : List.of(ResourceType.JOB, ResourceType.POD)) {
      for (var object : cluster.cached(type, "agents")) {
        cluster.delete(type, new Key("agents", object.getMetadata().getName()), null);
      }
    }
  }

  /** The runner's last words. */
  void terminated(int code, String reason, String message) {
    podStatus(
        """
        {containerStatuses: [{name: agent-runner, state: {terminated:
          {exitCode: %d, reason: %s, message: '%s'}}}]}"""
            .formatted(code, reason, message));
  }

  void complete() {
    jobStatus(
        "{succeeded: 1, completionTime: \"2026-01-01T12:01:00Z\","
            + " conditions: [{type: Complete, status: \"True\"}]}");
  }

  void failed(String reason) {
    jobStatus(
        "{failed: 1, conditions: [{type: Failed, status: \"True\", reason: "
            + reason
            + ", message: it failed, lastTransitionTime: \"2026-01-01T12:01:00Z\"}]}");
  }

  @Override
  public void close() {
    rings.close();
  }

  private static final class Hands extends Clock {
    private Instant now = START;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}

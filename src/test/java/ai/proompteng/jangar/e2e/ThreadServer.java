package ai.proompteng.jangar.e2e;

import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.Settings;
import ai.proompteng.jangar.Wiring;
import ai.proompteng.jangar.kube.ClusterClients;
import ai.proompteng.jangar.testing.AuditLog;
import ai.proompteng.jangar.testing.GitHubIssue;
import ai.proompteng.jangar.testing.Needed;
import ai.proompteng.jangar.testing.Rights;
import ai.proompteng.jangar.testing.TestCluster;
import ai.proompteng.jangar.testing.TestDatabase;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The server on the real cluster, two namespaces that it watches, and one that it does not. */
final class ThreadServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String API = "agents.proompteng.ai/v1alpha1";
  private static final String SECRET = "the secret of octo";
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final int START_DEADLINE_SECONDS = 30;

  final String first;
  final String second;
  final String third;
  private final KubernetesClient client;
  private final AuditLog audit = AuditLog.of(ThreadE2E.class);
  private final String userAgent = "thread-" + UUID.randomUUID();
  private final TestDatabase database = TestDatabase.create();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, List<String>> told = new ConcurrentHashMap<>();
  private final Watch watch;
  private final Wiring wiring;
  private final int before;

  private ThreadServer(TestCluster cluster, String image) throws IOException {
    client = cluster.client();
    first = cluster.namespace();
    second = cluster.newNamespace();
    third = cluster.newNamespace();
    for (var namespace : List.of(first, second, third)) {
      restrict(namespace);
      apply(namespace, objects());
    }
    apply(second, manifest("works", "shell", "exit 0", ""));
    apply(third, manifest("works", "shell", "exit 0", ""));
    watch = runs(first).watch(new Whys());
    var rights = cluster.rights(Rights.Account.SERVER, first, second);
    var config = new ConfigBuilder(rights.config()).withUserAgent(userAgent).build();
    wiring =
        Wiring.server(
            Settings.of(
                Map.of(
                    "PORT",
                    "0",
                    "JANGAR_HTTP_HOST",
                    "127.0.0.1",
                    "DATABASE_URL",
                    database.url().jdbcUrl(),
                    "JANGAR_AGENTS_CONTROLLER_NAMESPACES",
                    first + "," + second,
                    "JANGAR_AGENT_RUNNER_IMAGE",
                    image,
                    "JANGAR_AGENT_RUNNER_START_DEADLINE_SECONDS",
                    "" + START_DEADLINE_SECONDS)),
            ClusterClients.open(config, REQUEST_TIMEOUT));
    wiring.start();
    await().atMost(PATIENCE).until(() -> get("/ready") == 200);
    await("Agents are judged").atMost(PATIENCE).until(this::agentsAreReady);
    before = everything().size();
  }

  /** Starts it and waits until it is ready. */
  static ThreadServer start(TestCluster cluster) throws IOException {
    var image = Needed.by("ThreadE2E", "a runner's image", "JANGAR_TEST_RUNNER_IMAGE");
    return new ThreadServer(cluster, image);
  }

  /** A run that comes before its Agent is ready says that it waits, which is one write more. */
  private boolean agentsAreReady() {
    return client
        .genericKubernetesResources(API, "Agent")
        .inNamespace(first)
        .list()
        .getItems()
        .stream()
        .allMatch(
            agent ->
                String.valueOf(agent.<Object>get("status", "conditions"))
                    .contains("status=True, type=Ready"));
  }

  /** Delivers that issue, labelled, to its source; returns the answer. */
  String deliver(int number, String title) throws IOException, InterruptedException {
    var issue = new GitHubIssue(number, title, Instant.now(), List.of("jangar"));
    var path = "/v1/implementation-sources/webhooks/github/" + first + "/octo";
    var delivery = issue.delivery("labeled", SECRET, uri(path)).build();
    return http.send(delivery, BodyHandlers.ofString()).body();
  }

  /** The status of an answer. */
  int get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + wiring.port() + path);
  }

  /** Makes a run as kubectl would. */
  void run(String name, String script) {
    run(name, script, "");
  }

  void run(String name, String script, String more) {
    run(name, "shell", script, more);
  }

  void run(String name, String agent, String script, String more) {
    apply(first, manifest(name, agent, script, more));
  }

  private static String manifest(String name, String agent, String script, String more) {
    return """
    apiVersion: %s
    kind: AgentRun
    metadata: {name: %s}
    spec:
      agentRef: {name: %s}
      runtime: {type: job}
      implementation: {inline: {text: '%s'}}
      %s
    """
        .formatted(API, name, agent, script, more);
  }

  /** The run of that name, or of that specification, once it is over and its log is stored. */
  GenericKubernetesResource finished(String name) {
    return finished(first, name);
  }

  GenericKubernetesResource finished(String namespace, String name) {
    return await("the end of " + name)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> found(namespace, name), run -> run != null && isOver(run));
  }

  private GenericKubernetesResource found(String namespace, String name) {
    return runs(namespace).list().getItems().stream()
        .filter(
            run ->
                run.getMetadata().getName().equals(name)
                    || name.equals(run.get("spec", "implementationSpecRef", "name")))
        .findFirst()
        .orElse(null);
  }

  private static boolean isOver(GenericKubernetesResource run) {
    return List.of("Succeeded", "Failed", "Cancelled").contains(Objects.toString(phase(run)));
  }

  static String phase(GenericKubernetesResource run) {
    return run == null ? null : run.get("status", "phase");
  }

  String phase(String name) {
    return phase(first, name);
  }

  String phase(String namespace, String name) {
    return phase(found(namespace, name));
  }

  /** Each {@code status.why} that the run has had, in order. */
  List<String> told(String name) {
    String last = found(first, name).get("status", "why");
    return await("the watch has seen why " + name + " is as it is")
        .atMost(PATIENCE)
        .until(() -> told.getOrDefault(name, List.of()), all -> all.contains(last));
  }

  /** The stored end of the run's log. */
  String log(GenericKubernetesResource run) {
    var uid = run.getMetadata().getUid();
    return await()
        .atMost(PATIENCE)
        .until(
            () -> database.read("SELECT log FROM agent_run_logs WHERE resource_uid='" + uid + "'"),
            logs -> !logs.isEmpty())
        .get(0);
  }

  /** Asks for its end as kubectl would. */
  void cancel(String name) {
    runs(first)
        .withName(name)
        .edit(
            run -> {
              run.getMetadata().getAnnotations().put("agents.proompteng.ai/cancel", "true");
              return run;
            });
  }

  /** True once the process of that run has begun. */
  boolean podRuns(String run) {
    return pods(run).stream().anyMatch(pod -> "Running".equals(pod.getStatus().getPhase()));
  }

  /** Deletes the run and waits until it is gone. */
  void deleted(String name) {
    runs(first).withName(name).delete();
    await(name + " is gone").atMost(PATIENCE).until(() -> found(first, name) == null);
  }

  List<String> names(String kind) {
    return client
        .genericKubernetesResources(API, kind)
        .inNamespace(first)
        .list()
        .getItems()
        .stream()
        .map(object -> object.getMetadata().getName())
        .toList();
  }

  List<Job> jobs(String run) {
    return of(run, client.batch().v1().jobs().inNamespace(first).list().getItems());
  }

  List<Pod> pods(String run) {
    return of(run, client.pods().inNamespace(first).list().getItems());
  }

  List<ConfigMap> configMaps(String run) {
    return of(run, client.configMaps().inNamespace(first).list().getItems());
  }

  private static <T extends HasMetadata> List<T> of(String run, List<T> objects) {
    return objects.stream()
        .filter(object -> object.getMetadata().getName().startsWith(run + "-"))
        .toList();
  }

  /** What the server has asked the API server for since it was ready. */
  List<AuditLog.Request> requests() {
    var all = everything();
    return all.subList(before, all.size());
  }

  /** What it has asked for, its start included. */
  List<AuditLog.Request> everything() {
    return audit.requests(userAgent);
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      runs(String namespace) {
    return client.genericKubernetesResources(API, "AgentRun").inNamespace(namespace);
  }

  private void restrict(String namespace) {
    client
        .namespaces()
        .withName(namespace)
        .edit(
            it -> {
              var labels = new HashMap<>(it.getMetadata().getLabels());
              labels.put("pod-security.kubernetes.io/enforce", "restricted");
              it.getMetadata().setLabels(labels);
              return it;
            });
  }

  private void apply(String namespace, String yaml) {
    client
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> client.resource(object).inNamespace(namespace).create());
  }

  private static String objects() throws IOException {
    var program = Files.readString(Path.of("src/main/resources/local/SampleAgent.java"));
    return """
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: AgentProvider
    metadata: {name: sample}
    spec:
      binary: /usr/local/bin/agent-runner
      adapter:
        type: exec
        exec: {binary: java, argsTemplate: [/workspace/SampleAgent.java]}
      outputArtifacts: [{name: changes.diff, path: /workspace/changes.diff}]
      inputFiles:
        - path: /workspace/SampleAgent.java
          content: |
    %s
    ---
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: AgentProvider
    metadata: {name: shell}
    spec:
      binary: /usr/local/bin/agent-runner
      adapter:
        type: exec
        exec: {binary: sh, argsTemplate: [-c, "{{run.prompt}}"]}
      envTemplate: {CODEX_SYSTEM_PROMPT_REQUIRED: "{{parameters.strict}}"}
    ---
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: Agent
    metadata: {name: sample}
    spec: {providerRef: {name: sample}}
    ---
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: Agent
    metadata: {name: shell}
    spec: {providerRef: {name: shell}}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: octo}
    stringData: {token: none, webhookSecret: "%s"}
    ---
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: ImplementationSource
    metadata: {name: octo}
    spec:
      provider: github
      auth: {secretRef: {name: octo}}
      webhook: {enabled: true}
      scope: {repository: octo/hello}
    """
        .formatted(program.indent(8).stripTrailing(), SECRET);
  }

  @Override
  public void close() {
    wiring.close();
    watch.close();
    database.close();
  }

  private final class Whys implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource run) {
      String why = run.get("status", "why");
      if (why != null && !why.isEmpty()) {
        told.computeIfAbsent(run.getMetadata().getName(), any -> new CopyOnWriteArrayList<>())
            .add(why);
      }
    }

    @Override
    public void onClose(WatcherException closed) {}
  }
}

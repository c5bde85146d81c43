package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.GitHubIssue;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Two processes of the server on one database and one API server, a Lease of 3, 2 and 1 seconds,
 * and whoever gives them work. Each tells the API server its name as its user agent.
 */
final class Replicas implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(3);
  static final Duration RETRY = Duration.ofSeconds(1);
  static final Duration PATIENCE = Duration.ofSeconds(120);

  /** Deliveries of which one has the label that asks for a run. */
  private static final int LABELLED = 8;

  private static final long EVERY_MILLIS = 500;
  private static final Set<String> FINAL = Set.of("Succeeded", "Failed", "Cancelled");
  private static final String API = "agents.proompteng.ai/v1alpha1";

  final DurablePostgres database = DurablePostgres.create();
  final Desk desk;
  private final TestCluster real;
  private final Map<String, ServerProcess> servers = new ConcurrentHashMap<>();
  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicInteger deliveries = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private ScheduledExecutorService load;

  Replicas(TestCluster real) {
    this.real = real;
    this.desk = new Desk(real, database);
  }

  /** One of the two, by its name; not started. */
  ServerProcess server(String name) {
    return servers.computeIfAbsent(
        name,
        any ->
            desk.server()
                .with("HOSTNAME", name)
                .with("JANGAR_LEADER_ELECTION_LEASE_DURATION_SECONDS", "3")
                .with("JANGAR_LEADER_ELECTION_RENEW_DEADLINE_SECONDS", "2")
                .with("JANGAR_LEADER_ELECTION_RETRY_PERIOD_SECONDS", "1")
                .with("JANGAR_POD_UID", "uid-of-" + name)
                .with("KUBERNETES_USER_AGENT", agent(name)));
  }

  /** How that one calls itself in this test class, for the audit log. */
  String agent(String name) {
    return name + "-" + real.namespace();
  }

  /** The name of the process that holds the Lease; empty when nobody does. */
  String leader() {
    var held = lease().get();
    var holder = held == null ? null : held.getSpec().getHolderIdentity();
    return holder == null ? "" : holder.substring(0, Math.max(0, holder.indexOf('_')));
  }

  String awaitLeader() {
    return await("a leader")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(this::leader, name -> !name.isEmpty());
  }

  /** How long it takes until that one holds the Lease. */
  Duration awaitLeader(String name) {
    long began = System.nanoTime();
    await(name + " leads")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> leader().equals(name));
    return Duration.ofNanos(System.nanoTime() - began);
  }

  static String other(String name) {
    return name.equals("one") ? "other" : "one";
  }

  Resource<Lease> lease() {
    return real.client()
        .leases()
        .inNamespace(real.namespace())
        .withName("jangar-controller-leader");
  }

  /** Two runs and two deliveries a second, until {@link #rest}. */
  void work() {
    load = Executors.newScheduledThreadPool(4);
    load.scheduleAtFixedRate(this::run, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    load.scheduleAtFixedRate(this::deliver, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Nothing new any more. */
  void rest() throws InterruptedException {
    load.shutdown();
    assertThat(load.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** Every run that was ever asked for is over and had one Job; every delivery is done. */
  void awaitDoneOnce() {
    var labelled =
        acknowledged.stream().filter(number -> number % LABELLED == 0).collect(Collectors.toSet());
    await("all runs are over")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(open()).isEmpty();
              assertThat(phases()).hasSize(runs.get() + labelled.size());
            });
    assertThat(phases().values()).containsOnly("Succeeded");
    await("all deliveries are done")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        database.read(
                            "SELECT state, count(*) AS n FROM implementation_source_deliveries"
                                + " WHERE state <> 'synced' GROUP BY state"))
                    .isEmpty());
    assertThat(database.count("SELECT count(*) FROM implementation_source_deliveries"))
        .isEqualTo(acknowledged.size());
    assertThat(desk.made("jobs"))
        .as("one Job each")
        .doesNotHaveDuplicates()
        .hasSize(phases().size());
    assertThat(desk.made("implementationspecs"))
        .as("one specification each")
        .doesNotHaveDuplicates()
        .hasSize(acknowledged.size());
  }

  int runs() {
    return runs.get();
  }

  int deliveries() {
    return acknowledged.size();
  }

  @Override
  public void close() {
    if (load != null) {
      load.shutdownNow();
    }
    servers.values().forEach(ServerProcess::close);
    database.close();
  }

  private List<String> open() {
    return phases().entrySet().stream()
        .filter(run -> !FINAL.contains(run.getValue()))
        .map(Map.Entry::toString)
        .toList();
  }

  private Map<String, String> phases() {
    return real
        .client()
        .genericKubernetesResources(API, "AgentRun")
        .inNamespace(real.namespace())
        .list()
        .getItems()
        .stream()
        .collect(Collectors.toMap(run -> run.getMetadata().getName(), Replicas::phase));
  }

  private static String phase(GenericKubernetesResource run) {
    String phase = run.get("status", "phase");
    return phase == null ? "Untouched" : phase;
  }

  private void run() {
    var name = "load-%05d".formatted(runs.get());
    real.client()
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: %s
                kind: AgentRun
                metadata: {name: %s, namespace: %s}
                spec:
                  agentRef: {name: sample}
                  runtime: {type: job}
                  implementation: {inline: {text: work}}
                  parameters: {issueNumber: "1"}
                """
                    .formatted(API, name, real.namespace()),
                GenericKubernetesResource.class))
        .create();
    runs.incrementAndGet();
  }

  /** To one of the two, and to the other when it is away, until one has acknowledged it. */
  private void deliver() {
    int number = deliveries.incrementAndGet();
    var labelled = number % LABELLED == 0;
    var issue =
        labelled ? Desk.issue(number / LABELLED, 1, "jangar") : Desk.issue(1_000 + number, 1);
    var names = new ArrayList<>(servers.keySet());
    var turn = new AtomicInteger(number);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsMatching(UncheckedIOException.class::isInstance)
        .until(() -> answered(names.get(turn.getAndIncrement() % names.size()), issue, labelled));
    acknowledged.add(number);
  }

  private boolean answered(String name, GitHubIssue issue, boolean labelled) {
    return Desk.deliver(servers.get(name), labelled ? "labeled" : "opened", issue).statusCode()
        == 200;
  }

  /** That process is stopped where it stands, as by a debugger, or goes on. */
  static void signal(ServerProcess server, String signal) {
    try {
      var kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(server.pid())).start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

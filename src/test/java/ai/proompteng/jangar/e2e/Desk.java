package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.AuditLog;
import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.GitHubIssue;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * One namespace with the agent that the shipped route asks for, and what came of each issue there.
 * Issues from 100 on have a run that goes on until somebody ends it; all others' end at once.
 */
final class Desk {
  static final String SECRET = "the secret of octo";
  static final int ENDLESS = 100;

  private static final String PATH = "/v1/implementation-sources/webhooks/github";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Instant T0 = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final String IMAGE =
      System.getenv().getOrDefault("JANGAR_TEST_RUNNER_IMAGE", "jangar.local/agent-runner:test");

  private final TestCluster real;
  private final DurablePostgres database;
  private final AuditLog audit;

  Desk(TestCluster real, DurablePostgres database) {
    this.real = real;
    this.database = database;
    this.audit = AuditLog.of(getClass());
    real.client()
        .load(new ByteArrayInputStream(objects().getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> real.client().resource(object).inNamespace(real.namespace()).create());
  }

  ServerProcess server() {
    return server(real, database);
  }

  /** One that watches the namespace of the test class; not started. */
  static ServerProcess server(TestCluster real, DurablePostgres database) {
    return new ServerProcess(real.server().kubeconfig(), database.url(), real.namespace());
  }

  /** What keeps the server from being ready; empty also while it does not answer. */
  static List<String> unready(ServerProcess server) {
    try {
      var codes = new java.util.ArrayList<String>();
      new ObjectMapper()
          .readTree(server.get("/ready").body())
          .path("reason_codes")
          .forEach(code -> codes.add(code.asText()));
      return codes;
    } catch (IOException e) {
      return List.of();
    }
  }

  /** That issue's state number {@code version}. */
  static GitHubIssue issue(int number, int version, String... labels) {
    return new GitHubIssue(number, "title " + version, T0.plusSeconds(version), List.of(labels));
  }

  static HttpResponse<String> deliver(ServerProcess server, String action, GitHubIssue issue) {
    try {
      return server.send(issue.delivery(action, SECRET, server.uri(PATH)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Jobs that were ever created for the issue. */
  List<String> jobs(int issue) {
    return created("jobs", issue);
  }

  List<String> created(String plural, int issue) {
    return audit.created(plural, real.namespace()).stream()
        .filter(name -> name.startsWith(spec(issue)))
        .toList();
  }

  /** All that were ever created in the namespace, one for each time. */
  List<String> made(String plural) {
    return audit.created(plural, real.namespace());
  }

  /** The issue's runs that are there now. */
  List<GenericKubernetesResource> runs(int issue) {
    return real
        .client()
        .genericKubernetesResources("agents.proompteng.ai/v1alpha1", "AgentRun")
        .inNamespace(real.namespace())
        .list()
        .getItems()
        .stream()
        .filter(run -> run.getMetadata().getName().startsWith(spec(issue)))
        .toList();
  }

  List<String> phases(int issue) {
    return runs(issue).stream().map(Desk::phase).sorted().toList();
  }

  GenericKubernetesResource awaitRunning(int issue) {
    await("a running run of issue " + issue)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(phases(issue)).contains("Running"));
    return runs(issue).stream().filter(run -> phase(run).equals("Running")).findAny().orElseThrow();
  }

  void awaitPhases(int issue, String... phases) {
    await("runs of issue " + issue)
        .atMost(PATIENCE)
        .ignoreExceptions() // an API server that has just come back may ask to wait
        .untilAsserted(() -> assertThat(phases(issue)).containsExactly(phases));
  }

  /** Deletes the run, as kubectl would, and returns at once. */
  void delete(GenericKubernetesResource run) {
    real.client().resource(run).delete();
  }

  /** Takes the pod from under the run, which fails of it. */
  void deletePod(GenericKubernetesResource run) {
    real.client().pods().inNamespace(real.namespace()).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getName().startsWith(run.getMetadata().getName()))
        .forEach(pod -> real.client().resource(pod).withGracePeriod(0).delete());
  }

  /** Waits until nothing is left to be done because of the issue's state of that version. */
  void awaitSettled(int issue, int version) {
    await("issue " + issue + " is settled at " + version)
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(specVersion(issue)).isEqualTo(T0.plusSeconds(version).toString());
              assertThat(openRows(issue)).isZero();
            });
  }

  List<Map<String, String>> claims(int issue) {
    return database.read(
        "SELECT state, source_version FROM work_item_runs WHERE external_id = '"
            + GitHubIssue.REPOSITORY
            + "#"
            + issue
            + "' ORDER BY created_at, source_version");
  }

  /** The slot is freed after the run's last status, so it is waited for. */
  void awaitClaims(int issue, String... states) {
    await("claims of issue " + issue)
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(claims(issue).stream().map(row -> row.get("state")))
                    .containsExactly(states));
  }

  private int openRows(int issue) {
    var item = "'" + GitHubIssue.REPOSITORY + "#" + issue + "'";
    return database.count(
        """
        SELECT (SELECT count(*) FROM implementation_source_deliveries
                WHERE external_id = %s AND state IN ('queued', 'processing'))
             + (SELECT count(*) FROM event_outbox
                WHERE subscription = 'labelled-issue' AND state IN ('queued', 'processing')
                  AND body->'source'->>'externalId' = %s)"""
            .formatted(item, item));
  }

  private String specVersion(int issue) {
    var spec =
        real.client()
            .genericKubernetesResources("agents.proompteng.ai/v1alpha1", "ImplementationSpec")
            .inNamespace(real.namespace())
            .withName(spec(issue) + "impl")
            .get();
    return spec == null ? null : spec.get("status", "sourceVersion");
  }

  private static String spec(int issue) {
    return "octo-hello-" + issue + "-";
  }

  private static String phase(GenericKubernetesResource run) {
    String phase = run.get("status", "phase");
    return phase == null ? "Pending" : phase;
  }

  private static String objects() {
    return """
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: AgentProvider
    metadata: {name: sample}
    spec:
      binary: /bin/sh
      argsTemplate:
        - -c
        - |
          [ "$ISSUE" -lt %d ] || { sh -c 'read pid rest </proc/self/stat; kill -STOP $pid' | read end; }
      envTemplate: {ISSUE: "{{parameters.issueNumber}}"}
      workload: {image: "%s"}
    ---
    apiVersion: agents.proompteng.ai/v1alpha1
    kind: Agent
    metadata: {name: sample}
    spec:
      providerRef: {name: sample}
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
      scope: {repository: %s}
    """
        .formatted(ENDLESS, IMAGE, SECRET, GitHubIssue.REPOSITORY);
  }
}

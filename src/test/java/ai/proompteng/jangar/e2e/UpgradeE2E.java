package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.Needed;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The first version and this one on one database and one API server, two replicas each, while
 * deliveries go on: up as docs/operations/upgrade.md says it, and back. The first version knows of
 * no leader: what keeps the two apart are claims and names.
 */
@NeedsCluster
@Tag("slow")
class UpgradeE2E {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration RUNS_END_WITHIN = Duration.ofMinutes(5);
  private static final Duration REFUSED_AT_MOST = Duration.ofSeconds(5);
  private static final int REPLICAS = 2;
  private static final String FUTURE = "quantum";

  private final TestCluster real;
  private final Path firstJar =
      Path.of(
          Needed.by(
              "UpgradeE2E", "the first version (src/build/first-version)", "JANGAR_TEST_FIRST"));
  private final DurablePostgres database = DurablePostgres.create();
  private final Traffic traffic = new Traffic();
  private final Deque<ServerProcess> servers = new ArrayDeque<>();

  UpgradeE2E(TestCluster real) {
    this.real = real;
  }

  @AfterEach
  void stop() throws IOException {
    traffic.close();
    servers.forEach(ServerProcess::close);
    database.close();
    applyCrds(Path.of("crds"));
  }

  @Test
  void two_versions_work_side_by_side_up_and_back_and_every_run_ends_once() throws Exception {
    applyCrds(firstJar.resolveSibling("crds"));
    var desk = new Desk(real, database);
    Supplier<ServerProcess> first = () -> desk.server().of(firstJar);
    for (int i = 0; i < REPLICAS; i++) {
      enter(first.get());
    }
    traffic.begin(PERIOD);

    applyCrds(Path.of("crds"));
    roll(desk::server);
    aSchemaOfTheFuture();
    aDefinitionOfTheFuture();
    roll(first); // back
    anObjectOfTheFuture();
    roll(desk::server); // and this version, too, takes a schema that is newer

    traffic.end();
    int issues = traffic.issues();
    await()
        .atMost(RUNS_END_WITHIN)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(phases()).hasSize(issues).containsOnly("Succeeded"));
    assertThat(phases(FUTURE)).as("what neither version can do").containsExactly("Failed");
    for (int issue = 1; issue <= issues; issue++) {
      desk.awaitSettled(issue, 2);
      desk.awaitClaims(issue, "released");
      assertThat(desk.jobs(issue)).as("Jobs of issue " + issue).hasSize(1);
      assertThat(desk.created("agentruns", issue)).as("runs of issue " + issue).hasSize(1);
    }
    assertThat(traffic.refusals()).isSubsetOf(503);
    assertThat(traffic.longestRefusal()).isLessThan(REFUSED_AT_MOST);
    System.out.printf(
        "upgrade: %d issues, refusals %s, the longest wait of a delivery %s%n",
        issues, traffic.refusals(), traffic.longestRefusal());
  }

  /** One new replica, ready, then one old less, as a Deployment with maxUnavailable 0 does it. */
  private void roll(Supplier<ServerProcess> version) {
    for (int i = 0; i < REPLICAS; i++) {
      enter(version.get());
      var old = servers.removeFirst();
      traffic.leave(old);
      old.close();
    }
  }

  private void enter(ServerProcess server) {
    servers.addLast(server.start());
    traffic.enter(server.awaitReady());
  }

  /** What a next version's expanding migration leaves behind. */
  private void aSchemaOfTheFuture() {
    database.change(
        "ALTER TABLE agent_runs ADD COLUMN of_the_future text",
        "ALTER TABLE implementation_source_deliveries ADD COLUMN of_the_future text DEFAULT ''",
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        VALUES (9000, '9000', 'future', 'SQL', 'V9000__future.sql', 1, 'postgres', 1, true)""");
  }

  /** A next version's AgentRun: a field and a word that no older one knows. */
  private void aDefinitionOfTheFuture() throws IOException {
    var words = "enum: [workflow, job, argo, temporal, custom]";
    var now = Files.readString(Path.of("crds/agents.proompteng.ai_agentruns.yaml"));
    var next =
        now.replace(words, words.replace("]", ", " + FUTURE + "]"))
            .replaceFirst("(?m)^( +)runtime:$", "$1ofTheFuture: {type: string, maxLength: 9}\n$0");
    assertThat(next).contains(FUTURE, "ofTheFuture");
    real.applyCrds(next);
  }

  private void anObjectOfTheFuture() {
    var run =
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: {name: of-the-future}
        spec:
          agentRef: {name: sample}
          implementation: {inline: {text: t}}
          runtime: {type: %s}
          ofTheFuture: word
        """
            .formatted(FUTURE);
    real.client()
        .load(new ByteArrayInputStream(run.getBytes(StandardCharsets.UTF_8)))
        .inNamespace(real.namespace())
        .create();
  }

  private List<String> phases() {
    return phases("job");
  }

  private List<String> phases(String runtime) {
    return real
        .client()
        .genericKubernetesResources("agents.proompteng.ai/v1alpha1", "AgentRun")
        .inNamespace(real.namespace())
        .list()
        .getItems()
        .stream()
        .filter(run -> runtime.equals(run.get("spec", "runtime", "type")))
        .map(run -> String.valueOf((Object) run.get("status", "phase")))
        .toList();
  }

  private void applyCrds(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        real.applyCrds(Files.readString(file));
      }
    }
  }
}

package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A server that starts before its cluster is as it should be waits, says for what, and goes on. */
@NeedsCluster
class StartE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String GROUP = "agents.proompteng.ai";
  private static final String PROVIDERS_FILE = "crds/agents.proompteng.ai_agentproviders.yaml";
  private static final String PROVIDERS = "agentproviders." + GROUP;

  private final TestCluster real;
  private final DurablePostgres database = DurablePostgres.create();

  StartE2E(TestCluster real) {
    this.real = real;
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void a_definition_that_is_missing_is_named_and_works_once_it_is_applied() throws IOException {
    onlyOnAClusterOfTests();
    deleteProviders();
    try (var server = Desk.server(real, database).start()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Desk.unready(server))
                      .containsExactly("missing_agents_crd:" + PROVIDERS));
      assertThat(server.get("/ready").statusCode()).isEqualTo(503);
      applyProviders();
      server.awaitReady();
      var desk = new Desk(real, database);
      await()
          .atMost(PATIENCE)
          .until(() -> deliver(server, "labeled", issue(1, 1, "jangar")).statusCode() == 200);
      desk.awaitPhases(1, "Succeeded");
    } finally {
      applyProviders();
    }
  }

  @Test
  void a_kind_that_may_not_be_listed_is_named_until_it_may() throws IOException {
    var rights = real.server();
    rights.change(
        real.namespace(),
        rule -> {
          rule.getResources().remove("agentproviders");
          return rule;
        });
    try (var server = Desk.server(real, database).start()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Desk.unready(server))
                      .containsExactly("forbidden_agents_crd:" + PROVIDERS));
      rights.restore(real.namespace());
      server.awaitReady();
    }
  }

  @Test
  void a_definition_of_an_older_version_is_named_by_what_it_lacks_until_it_is_applied()
      throws IOException {
    var file = Files.readString(Path.of(PROVIDERS_FILE));
    var older = file.replace("observedGeneration:", "observedGenerationOfOld:");
    assertThat(older).isNotEqualTo(file);
    try {
      real.applyCrds(older);
      try (var server = Desk.server(real, database).start()) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(Desk.unready(server))
                        .containsExactly("outdated_agents_crd:" + PROVIDERS));
        assertThat(server.log())
            .contains("A definition is of an older version", "status.observedGeneration");
        applyProviders();
        server.awaitReady();
      }
    } finally {
      applyProviders();
    }
  }

  /** Deleting a definition deletes every object of it. */
  private void onlyOnAClusterOfTests() {
    var others =
        real
            .client()
            .genericKubernetesResources(GROUP + "/v1alpha1", "AgentProvider")
            .inAnyNamespace()
            .list()
            .getItems()
            .stream()
            .filter(provider -> !provider.getMetadata().getNamespace().startsWith("test-"))
            .toList();
    if (!others.isEmpty()) {
      System.err.println("SKIPPED: the cluster has AgentProviders that are not a test's");
      Assumptions.abort("the cluster has AgentProviders that are not a test's");
    }
  }

  private void deleteProviders() {
    var definition =
        real.client().apiextensions().v1().customResourceDefinitions().withName(PROVIDERS);
    definition.delete();
    await().atMost(PATIENCE).until(() -> definition.get() == null);
  }

  private void applyProviders() throws IOException {
    real.applyCrds(Files.readString(Path.of(PROVIDERS_FILE)));
  }
}

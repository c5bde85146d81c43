package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that starts before its cluster is as it should be waits, says for what, and goes on. */
@NeedsCluster
class StartE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String GROUP = "agents.proompteng.ai";
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
  void a_kind_that_may_not_be_listed_is_named_until_it_may(@TempDir Path folder)
      throws IOException {
    var account = "jangar";
    allow(account, "secrets", "", "secrets");
    for (var plural : new String[] {"agents", "agentruns", "implementationspecs"}) {
      allow(account, plural, GROUP, plural);
    }
    allow(account, "jobs", "batch", "jobs");
    allow(account, "pods", "", "pods");
    allow(account, "sources", GROUP, "implementationsources");
    var kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(kubeconfig, kubeconfig(account));
    try (var server =
        Desk.server(real, database).with("KUBECONFIG", kubeconfig.toString()).start()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Desk.unready(server))
                      .containsExactly("forbidden_agents_crd:" + PROVIDERS));
      allow(account, "providers", GROUP, "agentproviders");
      server.awaitReady();
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
    real.applyCrds(Files.readString(Path.of("crds/agents.proompteng.ai_agentproviders.yaml")));
  }

  private void allow(String account, String name, String group, String plural) {
    var role =
        new RoleBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(real.namespace())
            .endMetadata()
            .addNewRule()
            .withApiGroups(group)
            .withResources(plural)
            .withVerbs("get", "list", "watch")
            .endRule()
            .build();
    var binding =
        new RoleBindingBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(real.namespace())
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
            .addNewSubject(null, "ServiceAccount", account, real.namespace())
            .build();
    real.client().resource(role).create();
    real.client().resource(binding).create();
  }

  private String kubeconfig(String account) {
    var accounts = real.client().serviceAccounts().inNamespace(real.namespace());
    accounts
        .resource(
            new io.fabric8.kubernetes.api.model.ServiceAccountBuilder()
                .withNewMetadata()
                .withName(account)
                .endMetadata()
                .build())
        .create();
    var token = accounts.withName(account).tokenRequest().getStatus().getToken();
    var config = real.config();
    return """
    apiVersion: v1
    kind: Config
    current-context: test
    clusters: [{name: test, cluster: {server: "%s", certificate-authority-data: "%s"}}]
    users: [{name: test, user: {token: "%s"}}]
    contexts: [{name: test, context: {cluster: test, user: test}}]
    """
        .formatted(config.getMasterUrl(), config.getCaCertData(), token);
  }
}

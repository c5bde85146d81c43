package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.runtime.job.JobManifests;
import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the server looks up only when something is not where it should be; it has to be allowed. */
@NeedsCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeldomAskedE2E {
  private static final String API = "agents.proompteng.ai/v1alpha1";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final TestCluster real;
  private DurablePostgres database;
  private Desk desk;
  private ServerProcess server;

  SeldomAskedE2E(TestCluster real) {
    this.real = real;
  }

  @BeforeAll
  void start() {
    database = DurablePostgres.create();
    desk = new Desk(real, database);
    server = desk.server().start().awaitReady();
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    database.close();
  }

  @Test
  void a_provider_that_is_in_no_cache() {
    apply("kind: Agent", "orphan", "{providerRef: {name: nobody}}");
    run("waits", "orphan", "");
    awaitWhy("waits", "WaitingForDependency");
  }

  @Test
  void a_run_that_held_a_key_and_is_gone() {
    run("holds", "sample", "idempotencyKey: one-of-a-kind");
    awaitJob("holds");
    runs("holds").delete();
    await().atMost(PATIENCE).until(() -> runs("holds").get() == null);
    run("follows", "sample", "idempotencyKey: one-of-a-kind");
    awaitJob("follows");
  }

  @Test
  void a_config_map_that_was_made_before_a_crash() {
    run("resumes", "late", "");
    awaitWhy("resumes", "WaitingForDependency");
    var run = runs("resumes").get();
    real.client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(real.namespace())
                .withName(JobManifests.name("resumes", run.getMetadata().getUid()))
                .addToLabels(WellKnown.AGENT_RUN, "resumes")
                .addNewOwnerReference()
                .withApiVersion(API)
                .withKind("AgentRun")
                .withName("resumes")
                .withUid(run.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .build())
        .create();
    apply("kind: Agent", "late", "{providerRef: {name: sample}}");
    awaitJob("resumes");
  }

  @Test
  void a_job_that_somebody_has_deleted() {
    int endless = Desk.ENDLESS + 1;
    assertThat(deliver(server, "labeled", issue(endless, 1, "jangar")).statusCode()).isEqualTo(200);
    var run = desk.awaitRunning(endless).getMetadata();
    real.client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(real.namespace())
        .withName(JobManifests.name(run.getName(), run.getUid()))
        .delete();
    desk.awaitPhases(endless, "Failed");
  }

  private void awaitWhy(String run, String why) {
    await(run + " says " + why)
        .atMost(PATIENCE)
        .until(() -> why.equals(runs(run).get().<String>get("status", "why")));
  }

  private void awaitJob(String run) {
    var name = JobManifests.name(run, runs(run).get().getMetadata().getUid());
    await("a Job of " + run)
        .atMost(PATIENCE)
        .until(
            () ->
                real.client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(real.namespace())
                    .withName(name)
                    .get(),
            Objects::nonNull);
  }

  private Resource<GenericKubernetesResource> runs(String name) {
    return real.client()
        .genericKubernetesResources(API, "AgentRun")
        .inNamespace(real.namespace())
        .withName(name);
  }

  private void run(String name, String agent, String more) {
    apply(
        "kind: AgentRun",
        name,
        """

          agentRef: {name: %s}
          runtime: {type: job}
          parameters: {issueNumber: '1'}
          implementation: {inline: {text: 'greet'}}
          %s
        """
            .formatted(agent, more));
  }

  private void apply(String kind, String name, String spec) {
    var manifest =
        "apiVersion: %s\n%s\nmetadata: {name: %s}\nspec: %s".formatted(API, kind, name, spec);
    real.client()
        .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> real.client().resource(object).inNamespace(real.namespace()).create());
  }
}

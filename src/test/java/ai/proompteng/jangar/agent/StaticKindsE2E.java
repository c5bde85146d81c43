package ai.proompteng.jangar.agent;

import static ai.proompteng.jangar.testing.Verdicts.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSourceStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.CachedSecrets;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.InformedCluster;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.provider.ProviderProcessors;
import ai.proompteng.jangar.provider.ProviderRoutes;
import ai.proompteng.jangar.source.SourceProcessors;
import ai.proompteng.jangar.source.SourceReconciler;
import ai.proompteng.jangar.source.SourceRoutes;
import ai.proompteng.jangar.testing.FakeDeliveries;
import ai.proompteng.jangar.testing.Leading;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents, providers and sources on a real API server, in the order in which GitOps may apply. */
@NeedsCluster
class StaticKindsE2E {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestCluster test;
  private final KubernetesClient client;
  private final InformedCluster cluster;
  private final DefaultCamelContext camel = new DefaultCamelContext();

  StaticKindsE2E(TestCluster test) {
    this.test = test;
    this.client = test.client(test.server().config());
    this.cluster =
        new InformedCluster(client, List.of(test.namespace()), InformedCluster.Limits.DEFAULT);
  }

  @BeforeEach
  void start() throws Exception {
    var clock = Clock.systemUTC();
    var statuses = new StatusWriter(cluster, clock);
    Leading.in(camel);
    camel.getRegistry().bind("cluster", Cluster.class, cluster);
    camel.addRoutes(new AgentRoutes(new AgentProcessors(cluster, statuses, clock)));
    camel.addRoutes(new ProviderRoutes(new ProviderProcessors(cluster, statuses, clock)));
    camel.addRoutes(
        new SourceRoutes(
            new SourceProcessors(
                cluster,
                new CachedSecrets(cluster, clock),
                FakeDeliveries.none(),
                statuses,
                new Events(cluster, clock),
                clock),
            new SourceReconciler(5)));
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
    cluster.close();
    client.close();
  }

  @Test
  void an_agent_is_ready_once_its_provider_is() {
    apply("kind: Agent", "spec: {providerRef: {name: x}}");
    awaitConditions(Kind.AGENT, "InvalidSpec=True/MissingProvider");
    apply("kind: AgentProvider", "spec: {binary: /usr/local/bin/agent-runner}");
    awaitConditions(Kind.AGENT_PROVIDER, "InvalidSpec=True/NotSupportedYet");
    awaitConditions(Kind.AGENT, "Ready=False/ProviderNotReady");
    apply(
        "kind: AgentProvider",
        "spec: {binary: /usr/local/bin/agent-runner, adapter: {type: exec}}");
    awaitConditions(Kind.AGENT_PROVIDER, "Ready=True/ValidSpec");
    awaitConditions(Kind.AGENT, "Ready=True/ValidSpec");
    assertThat(shownNow(Kind.AGENT))
        .contains("InvalidSpec=False/ValidSpec", "Degraded=False/ValidSpec");
  }

  @Test
  void a_source_is_ready_with_its_secret() {
    test.client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("gh")
                .withNamespace(test.namespace())
                .endMetadata()
                .withStringData(Map.of("webhookSecret", "s3cret"))
                .build())
        .create();
    apply(
        "kind: ImplementationSource",
        "spec: {provider: github, auth: {secretRef: {name: gh}}, webhook: {enabled: true}, scope:"
            + " {repository: octo/hello}}");
    awaitConditions(Kind.IMPLEMENTATION_SOURCE, "Ready=True/WebhookReady");
    apply(
        "kind: ImplementationSource",
        "spec: {provider: github, auth: {secretRef: {name: gone}}, webhook: {enabled: true}, scope:"
            + " {repository: octo/hello}}");
    awaitConditions(Kind.IMPLEMENTATION_SOURCE, "Unreachable=True/SecretNotFound");
  }

  @Test
  void a_source_that_changes_while_its_status_is_written_is_looked_at_again() {
    apply(
        "kind: ImplementationSource",
        "spec: {provider: github, auth: {secretRef: {name: gh}}, webhook: {enabled: true}, scope:"
            + " {repository: octo/hello}}");
    var key = new Key(test.namespace(), "x");
    await().atMost(SOON).until(() -> cluster.cached(Kind.IMPLEMENTATION_SOURCE, key).isPresent());
    var changes = new AtomicInteger();
    var written =
        new StatusWriter(cluster, Clock.systemUTC())
            .write(
                Kind.IMPLEMENTATION_SOURCE,
                cluster.cached(Kind.IMPLEMENTATION_SOURCE, key).orElseThrow(),
                source -> {
                  if (changes.incrementAndGet() < 3) { // once the cache may help, not twice
                    touch(changes.get());
                  }
                  var was = source.status();
                  return new ImplementationSourceStatus(
                      was.conditions(),
                      was.observedGeneration(),
                      was.updatedAt(),
                      was.lastSyncedAt(),
                      "somewhere else",
                      was.lastWebhook());
                });
    assertThat(written).isPresent();
  }

  private void touch(int times) {
    test.client()
        .genericKubernetesResources(
            Kind.IMPLEMENTATION_SOURCE.apiVersion(), Kind.IMPLEMENTATION_SOURCE.kind())
        .inNamespace(test.namespace())
        .withName("x")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), // whatever the route wrote meanwhile
            "{\"metadata\": {\"annotations\": {\"times\": \"%d\"}}}".formatted(times));
  }

  private void awaitConditions(Kind<?, ?> kind, String expected) {
    await().atMost(SOON).untilAsserted(() -> assertThat(shownNow(kind)).contains(expected));
  }

  private String shownNow(Kind<?, ?> kind) {
    var object =
        test.client()
            .genericKubernetesResources(kind.apiVersion(), kind.kind())
            .inNamespace(test.namespace())
            .withName("x")
            .get();
    var conditions = Decoder.mapper().valueToTree(object).at("/status/conditions");
    return shown(
        List.of(
            Decoder.mapper()
                .convertValue(
                    conditions.isMissingNode() ? List.of() : conditions, Condition[].class)));
  }

  private void apply(String kind, String spec) {
    var manifest =
        "apiVersion: agents.proompteng.ai/v1alpha1\n"
            + kind
            + "\nmetadata: {name: x, namespace: "
            + test.namespace()
            + "}\n"
            + spec
            + "\n";
    test.client()
        .resource(Serialization.unmarshal(manifest, GenericKubernetesResource.class))
        .fieldManager("test")
        .forceConflicts()
        .serverSideApply();
  }
}

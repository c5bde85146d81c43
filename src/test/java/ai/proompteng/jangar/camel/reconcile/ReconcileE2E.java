package ai.proompteng.jangar.camel.reconcile;

import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

@NeedsCluster
class ReconcileE2E {
  private final List<Key> passes = new CopyOnWriteArrayList<>();

  @Test
  void an_endpoint_without_a_given_cluster_makes_its_own_of_its_options(TestCluster real)
      throws Exception {
    var namespace = real.namespace();
    try (var client = real.client(real.server().config());
        var camel = new DefaultCamelContext()) {
      camel.getRegistry().bind("client", KubernetesClient.class, client);
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("reconcile:agents?uses=agentproviders&namespace=" + namespace)
                  .routeId("loop")
                  .process(e -> passes.add(e.getMessage().getMandatoryBody(Key.class)));
            }
          });
      camel.start();
      create(
          real,
          """
          apiVersion: agents.proompteng.ai/v1alpha1
          kind: Agent
          metadata: { name: coder, namespace: %s }
          spec: { providerRef: { name: codex } }
          """);
      var coder = new Key(namespace, "coder");
      await().atMost(Duration.ofSeconds(30)).until(() -> passes.contains(coder));
      passes.clear();
      create(
          real,
          """
          apiVersion: agents.proompteng.ai/v1alpha1
          kind: AgentProvider
          metadata: { name: codex, namespace: %s }
          spec: { binary: /usr/bin/codex }
          """);
      await().atMost(Duration.ofSeconds(30)).until(() -> passes.contains(coder));
    }
  }

  private static void create(TestCluster real, String manifest) {
    real.client()
        .resource(
            Serialization.unmarshal(
                manifest.formatted(real.namespace()), GenericKubernetesResource.class))
        .create();
  }
}

package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Chart;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import ai.proompteng.jangar.testing.ValueSets;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart renders is what a real API server takes: a dry run with every field checked. */
@NeedsCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartE2E {
  private static final Path RESOURCES = Path.of("src/test/resources/chart");
  private static final PatchContext DRY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("chart-test")
          .withFieldValidation("Strict")
          .withDryRun(List.of("All"))
          .build();

  private final TestCluster cluster;

  ChartE2E(TestCluster cluster) {
    this.cluster = cluster;
  }

  static List<ValueSets.ValueSet> valueSets() {
    return ValueSets.all();
  }

  @BeforeAll
  void prometheusOperator() throws IOException {
    cluster.applyCrds(Files.readString(RESOURCES.resolve("prometheus-operator.yaml")));
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void the_api_server_takes_every_value_set(ValueSets.ValueSet set) {
    Chart.render(set.values()).objects().forEach(this::dryRun);
  }

  @Test
  void the_api_server_takes_the_installation_that_the_values_come_from() throws IOException {
    Chart.render(Files.readString(RESOURCES.resolve("seed-004.yaml")))
        .objects()
        .forEach(this::dryRun);
  }

  @Test
  void the_api_server_takes_the_examples() throws IOException {
    try (Stream<Path> files = Files.list(Chart.FOLDER.resolve("examples"))) {
      for (var file : files.sorted().toList()) {
        dryRun(Serialization.yamlMapper().readTree(file.toFile()));
      }
    }
  }

  /** The whole of a pod is judged too: a Deployment's template is not. */
  @Test
  void pod_security_restricted_takes_the_pods() {
    var restricted = cluster.newNamespace();
    cluster
        .client()
        .namespaces()
        .withName(restricted)
        .edit(
            namespace ->
                new io.fabric8.kubernetes.api.model.NamespaceBuilder(namespace)
                    .editMetadata()
                    .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                    .endMetadata()
                    .build());
    var rendered =
        Chart.render(
            "database: {secretRef: {name: db}, caSecret: {name: ca}}\ncontrollers: {enabled: true}\nroutes: {a.camel.yaml: '#'}");
    for (var deployment : rendered.all("Deployment")) {
      var pod =
          Serialization.jsonMapper().createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
      pod.putObject("metadata").put("name", deployment.at("/metadata/name").asText());
      var spec = ((ObjectNode) deployment.at("/spec/template/spec")).deepCopy();
      spec.put("serviceAccountName", "default");
      pod.set("spec", spec);
      awaitAccount(restricted);
      dryRun(pod, restricted);
    }
  }

  private void awaitAccount(String namespace) {
    cluster
        .client()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .waitUntilCondition(account -> account != null, 60, java.util.concurrent.TimeUnit.SECONDS);
  }

  private void dryRun(JsonNode object) {
    dryRun(object, cluster.namespace());
  }

  private void dryRun(JsonNode object, String namespace) {
    var copy = (ObjectNode) object.deepCopy();
    ((ObjectNode) copy.path("metadata")).put("namespace", namespace);
    HasMetadata resource =
        Serialization.unmarshal(copy.toString(), GenericKubernetesResource.class);
    KubernetesClient client = cluster.client();
    try {
      assertThat(client.resource(resource).inNamespace(namespace).patch(DRY, resource)).isNotNull();
    } catch (KubernetesClientException e) {
      throw new AssertionError(e.getMessage() + "\n" + copy.toPrettyString(), e);
    }
  }
}

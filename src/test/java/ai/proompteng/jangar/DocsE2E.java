package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.testing.Docs;
import ai.proompteng.jangar.testing.Needed;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.Samples;
import ai.proompteng.jangar.testing.TestCluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each manifest of the docs and of the chart's examples is applied to a real API server, as
 * strictly as {@code kubectl apply} does it. What is no manifest (a route, a chart's values, a part
 * of an object) is parsed alone, by {@link DocsTest}.
 */
@NeedsCluster
class DocsE2E {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OURS = "agents.proompteng.ai/";

  private final TestCluster cluster;

  DocsE2E(TestCluster cluster) {
    this.cluster = cluster;
  }

  static List<Docs.Block> manifests() {
    return Stream.concat(Docs.yaml().stream(), Docs.examples().stream())
        .filter(block -> objects(block).findAny().isPresent())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void a_manifest_is_taken_as_it_is_written(Docs.Block block) {
    for (var object : objects(block).toList()) {
      assertThatCode(() -> apply(object)).as(block.toString()).doesNotThrowAnyException();
    }
  }

  @Test
  void the_page_of_each_kind_is_among_them() {
    assertThat(manifests())
        .extracting(block -> block.file().toString())
        .contains(
            "docs/kinds/agent.md",
            "docs/kinds/agentprovider.md",
            "docs/kinds/agentrun.md",
            "docs/kinds/implementationsource.md",
            "docs/kinds/implementationspec.md",
            "docs/trackers/github.md");
  }

  @Test
  void a_field_that_the_kind_does_not_have_is_refused() {
    var wrong =
        Samples.documents(
            "{apiVersion: agents.proompteng.ai/v1alpha1, kind: Agent, metadata: {name: wrong},"
                + " spec: {providerRef: {name: p}, surprise: 1}}");
    assertThatThrownBy(() -> apply(wrong.get(0))).hasMessageContaining("surprise");
  }

  @Test
  void the_commands_of_the_page_on_github_run() throws Exception {
    Needed.program("DocsE2E", "kubectl");
    var namespace = cluster.newNamespace();
    var source =
        Samples.all().stream()
            .filter(it -> it.path("kind").asText().equals("ImplementationSource"));
    var commands =
        Docs.blocks(Path.of("docs/trackers/github.md")).stream()
            .filter(block -> block.language().equals("sh"))
            .map(Docs.Block::text)
            .filter(text -> text.contains("kubectl create") || text.contains("kubectl get"))
            .map(text -> text.replace("-n agents", "-n " + namespace))
            .toList();
    apply(source.findFirst().orElseThrow(), namespace, "hello");
    for (var command : commands) {
      run(command);
    }
    var secret = cluster.client().secrets().inNamespace(namespace).withName("hello-github").get();
    assertThat(Base64.getDecoder().decode(secret.getData().get("webhookSecret"))).hasSize(64);
  }

  private void run(String commands) throws Exception {
    var shell = new ProcessBuilder("sh", "-eu", "-c", commands).redirectErrorStream(true);
    shell.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    var process = shell.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(commands + said).isZero();
  }

  private static Stream<JsonNode> objects(Docs.Block block) {
    return Samples.documents(block.text()).stream()
        .filter(object -> object.hasNonNull("apiVersion") && object.hasNonNull("kind"));
  }

  private void apply(JsonNode object) {
    apply(object, cluster.namespace(), object.at("/metadata/name").asText());
  }

  /** Ours, and what they refer to, for good; all else without a trace. */
  private void apply(JsonNode object, String namespace, String name) {
    var resource = JSON.convertValue(object, GenericKubernetesResource.class);
    resource.getMetadata().setNamespace(namespace);
    resource.getMetadata().setName(name);
    var there =
        cluster
            .client()
            .genericKubernetesResources(resource.getApiVersion(), resource.getKind())
            .inNamespace(namespace)
            .resource(resource);
    (isKept(resource) ? there : there.dryRun())
        .fieldValidation(Validation.STRICT)
        .fieldManager("docs")
        .forceConflicts()
        .serverSideApply();
  }

  private static boolean isKept(GenericKubernetesResource resource) {
    return resource.getApiVersion().startsWith(OURS)
        || List.of("Secret", "ConfigMap").contains(resource.getKind());
  }
}

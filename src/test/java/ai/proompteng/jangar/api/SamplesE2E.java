package ai.proompteng.jangar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.Samples;
import ai.proompteng.jangar.testing.TestCluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the API server makes of our definitions. */
@NeedsCluster
class SamplesE2E {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNPROCESSABLE = 422;
  private static final String RUN =
      "{agentRef: {name: a}, implementationSpecRef: {name: i}, runtime: {type: job}}";
  private static final String SOURCE = "{provider: github, auth: {secretRef: {name: s}}}";
  private static final String INLINE =
      "{agentRef: {name: a}, implementation: {inline: {text: t}}, runtime: {type: job}}";
  private static final String TOKEN =
      "{binary: b, workload: {serviceAccountToken:"
          + " {audience: a, expirationSeconds: 600, mountPath: /t}}}";

  private final TestCluster cluster;

  SamplesE2E(TestCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void every_sample_is_read_back_as_it_was_written() {
    for (var sample : Samples.all()) {
      var created = resource(sample).create();
      assertThat(tree(created).path("spec")).isEqualTo(sample.path("spec"));
      if (sample.has("status")) {
        created.setAdditionalProperty(
            "status", JSON.convertValue(sample.get("status"), Object.class));
        var told = resource(created).updateStatus();
        assertThat(tree(told).path("status")).isEqualTo(sample.path("status"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AgentRun|{agentRef: {name: a}, implementationSpecRef: {name: i}, runtime: {type: job},"
            + " vcsPolicy: {}}|/spec/vcsPolicy/mode|read-write",
        "AgentProvider|{binary: b, health: {}}|/spec/health/capacityFailurePolicy|degrade",
        "ImplementationSource|{provider: github, auth: {secretRef: {name: s}}, webhook:"
            + " {}}|/spec/webhook/enabled|false",
        "ImplementationSource|{provider: github, auth: {secretRef: {name: s}}, poll:"
            + " {}}|/spec/poll/intervalSeconds|60"
      })
  void what_is_left_out_has_its_default(String kind, String spec, String field, String value) {
    assertThat(tree(dryRun(kind, spec, "", "")).at(field).asText()).isEqualTo(value);
  }

  @Test
  void a_field_that_no_definition_has_is_dropped() {
    var stored = tree(dryRun("AgentRun", RUN, "/surprise", "1"));
    assertThat(stored.path("spec").has("surprise")).isFalse();
  }

  static Stream<Arguments> admitted() {
    return Stream.of(
        Arguments.of("ImplementationSpec", "{text: t}", "/text", text(131072)),
        Arguments.of("ImplementationSpec", "{text: t}", "/acceptanceCriteria", list(50)),
        Arguments.of("AgentRun", RUN, "/parameters", map(100)),
        Arguments.of("AgentRun", RUN, "/ttlSecondsAfterFinished", "0"),
        Arguments.of("AgentRun", RUN, "/workflow", "{steps: []}"),
        Arguments.of("AgentRun", RUN, "/parameters", "{Prompt: p}"),
        Arguments.of("AgentRun", RUN, "/runtime/type", "argo"),
        Arguments.of("AgentProvider", TOKEN, "/workload/serviceAccountToken/mountPath", "/a/..b/c"),
        Arguments.of("AgentProvider", "{binary: b}", "/outputArtifacts", artifact(2048)),
        Arguments.of("ImplementationSource", SOURCE, "/poll", "{intervalSeconds: 30}"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("admitted")
  void what_stands_at_a_limit_is_admitted(String kind, String spec, String field, String value) {
    assertThat(dryRun(kind, spec, field, value)).isNotNull();
  }

  static Stream<Arguments> ruledOut() {
    var twoPrompts = "{systemPrompt: hi, systemPromptRef: {kind: Secret, name: s, key: k}}";
    return Stream.of(
        Arguments.of(
            "{agentRef: {name: a}, runtime: {type: job}}",
            "",
            "",
            "implementationSpecRef or implementation is required"),
        Arguments.of(RUN, "/systemPrompt", "hi", "the system prompt is set by the Agent"),
        Arguments.of(
            RUN,
            "/systemPromptRef",
            "{kind: Secret, name: s, key: k}",
            "the system prompt is set by the Agent"),
        Arguments.of(
            RUN.substring(0, RUN.length() - 1) + ", " + twoPrompts.substring(1),
            "/ttlSecondsAfterFinished",
            "0",
            "systemPrompt and systemPromptRef exclude each other"),
        Arguments.of(RUN, "/parameters", "{prompt: p}", "a parameter may not be named prompt"),
        Arguments.of(
            RUN,
            "/workflow",
            "{steps: [{name: s, parameters: {prompt: p}}]}",
            "a parameter may not be named prompt"));
  }

  @ParameterizedTest(name = "{1}: {3}")
  @MethodSource("ruledOut")
  void what_a_rule_forbids_is_refused(String spec, String field, String value, String message) {
    assertRefused(() -> dryRun("AgentRun", spec, field, value), message);
  }

  @Test
  void an_agent_has_one_system_prompt() {
    assertRefused(
        () ->
            dryRun(
                "Agent",
                "{providerRef: {name: p}}",
                "/defaults",
                "{systemPrompt: hi, systemPromptRef: {kind: Secret, name: s, key: k}}"),
        "systemPrompt and systemPromptRef exclude each other");
  }

  static Stream<Arguments> refused() {
    var step = "{steps: [{name: s, %s}]}";
    return Stream.of(
        // what must be there
        Arguments.of(
            "AgentRun", "{implementationSpecRef: {name: i}, runtime: {type: job}}", "", ""),
        Arguments.of("AgentRun", "{implementationSpecRef: {name: i}, agentRef: {name: a}}", "", ""),
        Arguments.of("AgentRun", RUN, "/agentRef", "{}"),
        Arguments.of("AgentRun", RUN, "/runtime", "{config: {}}"),
        Arguments.of("AgentRun", RUN, "/goal", "{tokenBudget: 1}"),
        Arguments.of("AgentRun", INLINE, "/implementation/inline", "{summary: s}"),
        Arguments.of("AgentRun", RUN, "/workload", "{volumes: [{type: pvc, name: v}]}"),
        Arguments.of("AgentRun", RUN, "/workflow", "{steps: [{retries: 1}]}"),
        Arguments.of("Agent", "{}", "", ""),
        Arguments.of("Agent", "{providerRef: {name: p}}", "/env", "[{value: v}]"),
        Arguments.of("AgentProvider", "{}", "", ""),
        Arguments.of("AgentProvider", "{binary: b}", "/inputFiles", "[{path: /p}]"),
        Arguments.of("AgentProvider", "{binary: b}", "/secretEnv", "[{name: n, key: k}]"),
        Arguments.of("AgentProvider", "{binary: b}", "/outputArtifacts", "[{path: p}]"),
        Arguments.of(
            "AgentProvider",
            TOKEN,
            "/workload/serviceAccountToken",
            "{audience: a, mountPath: /t}"),
        Arguments.of("ImplementationSpec", "{summary: s}", "", ""),
        Arguments.of("ImplementationSpec", "{text: t}", "/source", "{externalId: e}"),
        Arguments.of("ImplementationSpec", "{text: t}", "/contract", "{mappings: [{from: f}]}"),
        Arguments.of("ImplementationSource", "{provider: github}", "", ""),
        Arguments.of("ImplementationSource", "{auth: {secretRef: {name: s}}}", "", ""),
        Arguments.of("ImplementationSource", SOURCE, "/auth", "{secretRef: {key: k}}"),
        // closed lists of words
        Arguments.of("AgentRun", RUN, "/runtime/type", "lambda"),
        Arguments.of("AgentRun", RUN, "/vcsPolicy", "{mode: write}"),
        Arguments.of(
            "AgentRun", RUN, "/workload", "{volumes: [{type: nfs, name: v, mountPath: /v}]}"),
        Arguments.of("AgentProvider", "{binary: b}", "/health", "{capacityFailurePolicy: panic}"),
        Arguments.of(
            "Agent",
            "{providerRef: {name: p}}",
            "/configSchemaRef",
            "{kind: Secret, name: s, key: k}"),
        Arguments.of("ImplementationSpec", "{text: t}", "/source", "{provider: gitlab}"),
        Arguments.of("ImplementationSource", SOURCE, "/provider", "manual"),
        // limits
        Arguments.of("AgentRun", RUN, "/goal", "{objective: ''}"),
        Arguments.of("AgentRun", RUN, "/goal", "{objective: " + text(8193) + "}"),
        Arguments.of("AgentRun", RUN, "/goal", "{objective: o, tokenBudget: 0}"),
        Arguments.of("AgentRun", RUN, "/parameters", map(101)),
        Arguments.of("AgentRun", RUN, "/parameters", "{a: 1}"),
        Arguments.of("AgentRun", RUN, "/deliveryId", text(256)),
        Arguments.of("AgentRun", RUN, "/ttlSecondsAfterFinished", "-1"),
        Arguments.of("AgentRun", RUN, "/ttlSecondsAfterFinished", "3000000000"),
        Arguments.of("AgentRun", RUN, "/workflow", step.formatted("parameters: " + map(101))),
        Arguments.of("AgentRun", RUN, "/workflow", step.formatted("loop: {maxIterations: 0}")),
        Arguments.of(
            "AgentRun",
            RUN,
            "/workflow",
            step.formatted("loop: {maxIterations: 1, state: {volumeNames: " + list(21) + "}}")),
        Arguments.of("AgentRun", INLINE, "/implementation/inline/summary", text(257)),
        Arguments.of(
            "Agent",
            "{providerRef: {name: p}}",
            "/defaults",
            "{systemPrompt: " + text(16385) + "}"),
        Arguments.of("Agent", "{providerRef: {name: p}}", "/defaults", "{timeoutSeconds: -1}"),
        Arguments.of("Agent", "{providerRef: {name: p}}", "/defaults", "{retryLimit: -1}"),
        Arguments.of("Agent", "{providerRef: {name: p}}", "/deliveryId", text(256)),
        Arguments.of("AgentProvider", "{binary: b}", "/outputArtifacts", artifact(2049)),
        Arguments.of("AgentProvider", TOKEN, "/workload/serviceAccountToken/audience", "''"),
        Arguments.of("AgentProvider", TOKEN, "/workload/serviceAccountToken/audience", text(254)),
        Arguments.of(
            "AgentProvider", TOKEN, "/workload/serviceAccountToken/expirationSeconds", "599"),
        Arguments.of(
            "AgentProvider", TOKEN, "/workload/serviceAccountToken/expirationSeconds", "3601"),
        Arguments.of("AgentProvider", TOKEN, "/workload/serviceAccountToken/mountPath", "/"),
        Arguments.of("AgentProvider", TOKEN, "/workload/serviceAccountToken/mountPath", "a/b"),
        Arguments.of("AgentProvider", TOKEN, "/workload/serviceAccountToken/mountPath", "/a/../b"),
        Arguments.of("ImplementationSpec", "{text: t}", "/text", text(131073)),
        Arguments.of("ImplementationSpec", "{text: t}", "/summary", text(257)),
        Arguments.of("ImplementationSpec", "{text: t}", "/description", text(131073)),
        Arguments.of("ImplementationSpec", "{text: t}", "/acceptanceCriteria", list(51)),
        Arguments.of(
            "ImplementationSpec", "{text: t}", "/contract", "{requiredKeys: " + list(51) + "}"),
        Arguments.of(
            "ImplementationSpec",
            "{text: t}",
            "/contract",
            "{mappings: [{from: " + text(257) + ", to: t}]}"),
        Arguments.of("ImplementationSource", SOURCE, "/poll", "{intervalSeconds: 29}"),
        Arguments.of(
            "ImplementationSource",
            SOURCE,
            "/webhook",
            "{secretRefs: [{name: a}, {name: b}, {name: c}, {name: d}]}"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("refused")
  void what_does_not_fit_is_refused(String kind, String spec, String field, String value) {
    assertRefused(() -> dryRun(kind, spec, field, value), "spec" + field.replace('/', '.'));
  }

  private static void assertRefused(ThrowingCallable request, String message) {
    assertThatThrownBy(request)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(UNPROCESSABLE));
  }

  @Test
  void a_status_has_at_most_fifty_artifacts_with_short_addresses() {
    var artifacts =
        IntStream.range(0, 51)
            .mapToObj(i -> "{name: a" + i + "}")
            .collect(Collectors.joining(", ", "[", "]"));
    refusedStatus("{artifacts: " + artifacts + "}");
    refusedStatus("{artifacts: " + artifact(2049) + "}");
    refusedStatus("{artifacts: [{name: a, uri: " + text(2049) + "}]}");
    refusedStatus(
        "{conditions: [{type: T, status: 'True', message: '', reason: 'no word',"
            + " lastTransitionTime: '2026-01-01T00:00:00Z'}]}");
    refusedStatus("{conditions: [{type: T, status: 'True', message: '', reason: R}]}");
  }

  private void refusedStatus(String status) {
    var run = dryRun("AgentRun", RUN, "", "");
    run.getMetadata().setName(null);
    run.getMetadata().setGenerateName("status-");
    run.getMetadata().setUid(null);
    run.getMetadata().setResourceVersion(null);
    var created = resource(run).create();
    created.setAdditionalProperty("status", JSON.convertValue(yaml(status), Object.class));
    assertRefused(() -> resource(created).updateStatus(), "status.");
  }

  /** Creates, without a trace, that object with one field set otherwise. */
  private GenericKubernetesResource dryRun(String kind, String spec, String field, String value) {
    var object = JSON.createObjectNode();
    object.put("apiVersion", "agents.proompteng.ai/v1alpha1");
    object.put("kind", kind);
    object.putObject("metadata").put("name", "dry-run");
    object.set("spec", yaml(spec));
    if (!field.isEmpty()) {
      int slash = field.lastIndexOf('/');
      var parent = (ObjectNode) object.at("/spec" + field.substring(0, slash));
      parent.set(field.substring(slash + 1), yaml(value));
    }
    return resource(object).dryRun().create();
  }

  private Resource<GenericKubernetesResource> resource(Object object) {
    var resource = JSON.convertValue(object, GenericKubernetesResource.class);
    return cluster
        .client()
        .genericKubernetesResources(resource.getApiVersion(), resource.getKind())
        .inNamespace(cluster.namespace())
        .resource(resource);
  }

  private static JsonNode tree(GenericKubernetesResource object) {
    return JSON.convertValue(object, JsonNode.class);
  }

  private static JsonNode yaml(String text) {
    var settings = LoadSettings.builder().setCodePointLimit(1 << 20).build();
    return JSON.valueToTree(new Load(settings).loadFromString(text));
  }

  private static String text(int length) {
    return "x".repeat(length);
  }

  private static String list(int length) {
    return IntStream.range(0, length)
        .mapToObj(i -> "i" + i)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String map(int length) {
    return IntStream.range(0, length)
        .mapToObj(i -> "k" + i + ": v")
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String artifact(int urlLength) {
    return "[{name: a, url: " + text(urlLength) + "}]";
  }
}

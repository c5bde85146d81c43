package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.Settings;
import ai.proompteng.jangar.testing.Chart;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each value that is a variable reaches both Deployments under its name, as it was given. */
class ChartEnvironmentTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Values that cannot be made up from the default's type alone. */
  private static final Map<String, String> SAMPLES =
      Map.of(
          "logging.level", "\"debug\"",
          "kubernetesApi.host", "\"10.0.0.1\"",
          "kubernetesApi.port", "\"6443\"",
          "controller.authSecret.name", "\"codex-auth\"",
          "controller.repoConcurrency.overrides", "{\"octo/hello\":1}",
          "controller.vcsProviders.deprecatedTokenTypes", "{\"github\":[\"fine_grained\"]}",
          "controller.vcsProviders.prRateLimits",
              "{\"github\":{\"windowSeconds\":1,\"maxRequests\":1,\"backoffSeconds\":0}}",
          "controller.defaultWorkload.tolerations", "[{\"key\":\"agents\"}]",
          "controller.defaultWorkload.topologySpreadConstraints", "[{\"topologyKey\":\"zone\"}]");

  /** A variable and the path of its value. */
  record Row(String variable, String path) {
    @Override
    public String toString() {
      return path + " is " + variable;
    }
  }

  static List<Row> rows() throws IOException {
    var rows = new ArrayList<Row>();
    tree("files/environment.yaml")
        .properties()
        .forEach(row -> rows.add(new Row(row.getKey(), row.getValue().asText())));
    return rows;
  }

  static List<Row> flags() throws IOException {
    return ofType("boolean");
  }

  static List<Row> numbers() throws IOException {
    return ofType("integer").stream()
        .filter(
            row -> !row.path().startsWith("controller.leaderElection.")) // their order binds them
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_value_is_a_variable_of_both_deployments(Row row) throws IOException {
    var value = sample(row.path());
    var rendered = rendered(rows(), ChartEnvironmentTest::sample);
    for (var deployment : List.of("agents", "agents-controllers")) {
      var rendition = rendered.environment(deployment).get(row.variable());
      if (value.isContainerNode()) {
        assertThat(JSON.readTree(rendition)).isEqualTo(value);
      } else {
        assertThat(rendition).isEqualTo(value.asText());
      }
    }
  }

  /** W37. */
  @ParameterizedTest
  @MethodSource("flags")
  void a_flag_is_rendered_as_given(Row row) throws IOException {
    for (var word : List.of("false", "true")) {
      assertThat(rendered(flags(), any -> JSON.readTree(word)).environment("agents-controllers"))
          .containsEntry(row.variable(), word);
    }
  }

  /** W37: zero where it may be, and a number that would be written with an exponent. */
  @ParameterizedTest
  @MethodSource("numbers")
  void a_number_is_rendered_as_given(Row row) throws IOException {
    assertThat(rendered(numbers(), path -> least(path)).environment("agents-controllers"))
        .containsEntry(row.variable(), least(row.path()).asText());
    assertThat(
            rendered(numbers(), path -> JSON.readTree("2592000")).environment("agents-controllers"))
        .containsEntry(row.variable(), "2592000");
  }

  @Test
  void every_variable_is_one_that_the_server_knows() throws IOException {
    assertThat(rows().stream().map(Row::variable).filter(name -> name.startsWith("JANGAR_")))
        .isSubsetOf(Settings.names());
  }

  @Test
  void what_is_empty_is_left_to_the_server() {
    assertThat(Chart.render(Chart.DATABASE).environment("agents"))
        .doesNotContainKeys(
            "JANGAR_AGENT_IMAGE",
            "JANGAR_AGENTS_CONTROLLER_AUTH_SECRET_NAME",
            "JANGAR_AGENTS_CONTROLLER_LABELS_REQUIRED",
            "JANGAR_AGENT_RUNNER_NODE_SELECTOR",
            "JANGAR_LEADER_ELECTION_LEASE_NAMESPACE",
            "KUBERNETES_SERVICE_HOST");
    assertThat(
            Chart.render(Chart.DATABASE + "controller: {agentRunRetentionSeconds: null}")
                .environment("agents"))
        .doesNotContainKey("JANGAR_AGENTS_CONTROLLER_AGENTRUN_RETENTION_SECONDS");
  }

  private static List<Row> ofType(String type) throws IOException {
    var schema = tree("values.schema.json");
    return rows().stream()
        .filter(row -> ChartSchemaTest.at(schema, row.path()).path("type").asText().equals(type))
        .toList();
  }

  private static JsonNode least(String path) throws IOException {
    return ChartSchemaTest.at(tree("values.schema.json"), path).path("minimum");
  }

  /** Another value than the usual. */
  private static JsonNode sample(String path) throws IOException {
    var usual = tree("values.yaml");
    for (var name : path.split("\\.")) {
      usual = usual.path(name);
    }
    var sample =
        usual.isBoolean()
            ? String.valueOf(!usual.asBoolean())
            : usual.isInt()
                ? String.valueOf(usual.asInt() + 1)
                : usual.isArray()
                    ? "[\"sample\"]"
                    : usual.isObject()
                        ? "{\"pool\":\"a\"}"
                        : usual.asText().startsWith("/") ? "\"/sample\"" : "\"sample\"";
    return JSON.readTree(SAMPLES.getOrDefault(path, sample));
  }

  /** The chart with all these values at once. */
  private static Chart.Rendered rendered(List<Row> rows, Value value) throws IOException {
    var values =
        (ObjectNode)
            JSON.readTree(
                "{\"database\":{\"secretRef\":{\"name\":\"db\"}},\"controllers\":{\"enabled\":true}}");
    for (var row : rows) {
      var at = values;
      var names = row.path().split("\\.");
      for (int i = 0; i < names.length - 1; i++) {
        at = at.withObjectProperty(names[i]);
      }
      at.set(names[names.length - 1], value.of(row.path()));
    }
    return Chart.render(values.toString());
  }

  private static JsonNode tree(String file) throws IOException {
    return Serialization.yamlMapper().readTree(Chart.FOLDER.resolve(file).toFile());
  }

  /** What a path has. */
  private interface Value {
    JsonNode of(String path) throws IOException;
  }
}

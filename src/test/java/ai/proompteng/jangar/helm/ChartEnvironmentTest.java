package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.Settings;
import ai.proompteng.jangar.testing.Chart;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
          "controller.authSecret.mountPath", "\"/home/agent/.codex\"",
          "metrics.path", "\"/observe/metrics\"",
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

  /** A value of a row. */
  record Given(Row row, String value) {
    @Override
    public String toString() {
      return row.path() + "=" + value;
    }
  }

  static List<Row> rows() throws IOException {
    var rows = new ArrayList<Row>();
    tree("files/environment.yaml")
        .properties()
        .forEach(row -> rows.add(new Row(row.getKey(), row.getValue().asText())));
    return rows;
  }

  /** W37: one case for each boolean and number. */
  static List<Given> falseAndZero() throws IOException {
    var given = new ArrayList<Given>();
    var schema = tree("values.schema.json");
    for (var row : rows()) {
      var type = ChartSchemaTest.at(schema, row.path());
      if (type.path("type").asText().equals("boolean")) {
        given.add(new Given(row, "false"));
        given.add(new Given(row, "true"));
      } else if (type.path("type").asText().equals("integer")) {
        given.add(new Given(row, type.path("minimum").asText()));
        given.add(new Given(row, "2592000"));
      }
    }
    return given;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void a_value_is_a_variable_of_both_deployments(Row row) throws IOException {
    var value = JSON.readTree(sample(row.path()));
    var rendered = Chart.render(values(row.path(), value).toString());
    for (var deployment : List.of("agents", "agents-controllers")) {
      var rendition = rendered.environment(deployment).get(row.variable());
      if (value.isContainerNode()) {
        assertThat(JSON.readTree(rendition)).isEqualTo(value);
      } else {
        assertThat(rendition).isEqualTo(value.asText());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("falseAndZero")
  void false_and_zero_and_large_numbers_are_rendered_as_given(Given given) throws IOException {
    var values = values(given.row().path(), JSON.readTree(given.value()));
    if (given.row().path().startsWith("controller.leaderElection.")) {
      // what the order of the three timings allows
      var least = given.value().equals("1");
      var election = (ObjectNode) values.path("controller").path("leaderElection");
      if (given.row().path().endsWith("retryPeriodSeconds") && !least
          || given.row().path().endsWith("renewDeadlineSeconds")) {
        election.put("leaseDurationSeconds", 3_000_000);
      }
      if (given.row().path().endsWith("retryPeriodSeconds") && !least) {
        election.put("renewDeadlineSeconds", 2_900_000);
      }
      if (least && !given.row().path().endsWith("retryPeriodSeconds")) {
        return; // refused: see ChartRefusalsTest
      }
    }
    assertThat(Chart.render(values.toString()).environment("agents-controllers"))
        .containsEntry(given.row().variable(), given.value());
  }

  @Test
  void every_variable_is_one_that_the_server_knows() throws IOException {
    assertThat(rows().stream().map(Row::variable).filter(name -> name.startsWith("JANGAR_")))
        .isSubsetOf(Settings.names());
  }

  /** The chart refuses other JANGAR_ names, so it must know them all. */
  @Test
  void the_chart_knows_the_names_that_the_server_knows() throws IOException {
    assertThat(Files.readAllLines(Chart.FOLDER.resolve("files/settings.txt")))
        .as("files/settings.txt lists Settings.names(), sorted")
        .containsExactlyElementsOf(new TreeSet<>(Settings.names()));
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

  private static String sample(String path) throws IOException {
    if (SAMPLES.containsKey(path)) {
      return SAMPLES.get(path);
    }
    var usual = tree("values.yaml");
    for (var name : path.split("\\.")) {
      usual = usual.path(name);
    }
    if (usual.isBoolean()) {
      return String.valueOf(!usual.asBoolean());
    }
    if (usual.isInt()) {
      return String.valueOf(usual.asInt() + 1);
    }
    return usual.isArray() ? "[\"sample\"]" : usual.isObject() ? sampleMap(path) : "\"sample\"";
  }

  private static String sampleMap(String path) {
    return path.endsWith("resources") ? "{\"requests\":{\"cpu\":\"1\"}}" : "{\"pool\":\"agents\"}";
  }

  private static ObjectNode values(String path, JsonNode value) throws JsonProcessingException {
    var values =
        (ObjectNode)
            JSON.readTree(
                "{\"database\":{\"secretRef\":{\"name\":\"db\"}},\"controllers\":{\"enabled\":true}}");
    if (path.startsWith("kubernetesApi.")) {
      values.putObject("kubernetesApi").put("host", "10.0.0.2").put("port", "443");
    }
    var at = values;
    var names = path.split("\\.");
    for (int i = 0; i < names.length - 1; i++) {
      at = at.withObjectProperty(names[i]);
    }
    at.set(names[names.length - 1], value);
    return values;
  }

  private static JsonNode tree(String file) throws IOException {
    return Serialization.yamlMapper().readTree(Chart.FOLDER.resolve(file).toFile());
  }
}

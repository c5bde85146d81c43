package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.testing.Chart;
import ai.proompteng.jangar.testing.Needed;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alerts and the dashboard: they ask for meters that exist, and Prometheus understands them.
 */
class ChartAlertsTest {
  private static final Path TEST = Path.of("src/test/resources/chart/alerts-test.yaml");
  private static final Pattern METER = Pattern.compile("\\bjangar_[a-z_]+");

  @TempDir Path folder;

  @Test
  void there_are_six() {
    assertThat(rules().findValuesAsText("alert"))
        .containsExactly(
            "JangarBacklog",
            "JangarRunBlocked",
            "JangarDeadLetters",
            "JangarUntouchedRuns",
            "JangarNoLeader",
            "JangarAuditFailing");
  }

  @Test
  void every_meter_that_is_asked_for_exists() throws Exception {
    var dashboard = dashboard();
    var exprs = rules().findValuesAsText("expr");
    exprs.addAll(dashboard.findValuesAsText("expr"));
    var asked = new TreeSet<String>();
    exprs.forEach(expr -> METER.matcher(expr).results().forEach(found -> asked.add(found.group())));
    var known =
        Arrays.stream(Measure.values())
            .flatMap(
                measure ->
                    List.of(
                        measure.metric(), measure.metric() + "_bucket", measure.metric() + "_count")
                        .stream())
            .collect(Collectors.toSet());
    assertThat(asked).hasSizeGreaterThan(15).isSubsetOf(known);
  }

  @Test
  void the_dashboard_has_one_panel_for_each_question() throws Exception {
    var panels = dashboard().path("panels");
    assertThat(panels.findValuesAsText("id")).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    panels.forEach(
        panel ->
            assertThat(
                    panel.path("type").asText().equals("row") || panel.path("targets").size() > 0)
                .as(panel.path("title").asText())
                .isTrue());
  }

  @Test
  void prometheus_takes_the_rules_and_each_alert_fires_when_it_should() throws Exception {
    Needed.program("ChartAlertsTest", "promtool");
    Files.writeString(
        folder.resolve("rules.yaml"), Serialization.yamlMapper().writeValueAsString(rule()));
    Files.copy(TEST, folder.resolve("test.yaml"));
    promtool("check", "rules", "rules.yaml");
    promtool("test", "rules", "test.yaml");
  }

  /** Each question of the dashboard, as a rule of its own. */
  @Test
  void prometheus_understands_the_dashboard() throws Exception {
    Needed.program("ChartAlertsTest", "promtool");
    var file = Serialization.jsonMapper().createObjectNode();
    var group = file.putArray("groups").addObject().put("name", "dashboard");
    var rules = group.putArray("rules");
    for (var expr : dashboard().findValuesAsText("expr")) {
      rules
          .addObject()
          .put("record", "panel:" + rules.size())
          .put("expr", expr.replace("$job", "agents-metrics"));
    }
    Files.writeString(folder.resolve("dashboard.yaml"), file.toString());
    promtool("check", "rules", "dashboard.yaml");
  }

  private void promtool(String... words) throws Exception {
    var command = new java.util.ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static JsonNode rule() {
    return Chart.render(Chart.DATABASE + "metrics: {prometheusRule: {enabled: true}}")
        .the("PrometheusRule", "agents")
        .path("spec");
  }

  private static JsonNode rules() {
    return rule().at("/groups/0/rules");
  }

  private static JsonNode dashboard() throws Exception {
    return Serialization.jsonMapper()
        .readTree(
            Chart.render(Chart.DATABASE)
                .the("ConfigMap", "agents-dashboard")
                .at("/data/jangar.json")
                .asText());
  }
}

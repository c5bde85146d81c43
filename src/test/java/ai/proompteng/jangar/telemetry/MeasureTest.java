package ai.proompteng.jangar.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasureTest {
  private static final Path PAGE = Path.of("docs/operations/observe.md");
  private static final Set<String> UNBOUNDED =
      Set.of(
          "repository", "issue", "run", "name", "uid", "external_id", "delivery", "path", "agent");

  private static final Duration MOMENT = Duration.ofMillis(300);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters = new Meters(registry);

  @ParameterizedTest
  @EnumSource(Measure.class)
  void it_is_scraped_by_its_very_name_type_and_labels(Measure measure) {
    var values = measure.labels().stream().map(label -> "v").toArray(String[]::new);
    switch (measure.type()) {
      case COUNTER -> meters.count(measure, values);
      case GAUGE -> meters.gauge(measure, () -> 7, values);
      case HISTOGRAM -> meters.observe(measure, MOMENT, values);
    }

    var lines = registry.scrape().lines().toList();

    assertThat(lines)
        .contains(
            "# TYPE " + measure.metric() + " " + measure.type().name().toLowerCase(Locale.ROOT))
        .contains("# HELP " + measure.metric() + " " + measure.help());
    var series =
        measure.type() == Measure.Type.HISTOGRAM ? measure.metric() + "_count" : measure.metric();
    var line =
        lines.stream()
            .filter(l -> l.startsWith(series + "{") || l.startsWith(series + " "))
            .findFirst();
    assertThat(labels(line.orElseThrow())).isEqualTo(Set.copyOf(measure.labels()));
  }

  @Test
  void a_histogram_has_buckets_to_compute_a_quantile_of() {
    meters.observe(Measure.RUN_SUBMIT_LATENCY, MOMENT);
    meters.observe(Measure.RECONCILE_DURATION, MOMENT, "AgentRun", "agents", "success");
    assertThat(registry.scrape())
        .contains("jangar_run_submit_latency_seconds_bucket{le=\"0.25\"} 0")
        .contains("jangar_run_submit_latency_seconds_bucket{le=\"0.5\"} 1")
        .contains("jangar_run_submit_latency_seconds_bucket{le=\"2.0\"} 1")
        .contains("namespace=\"agents\",result=\"success\",le=\"250.0\"} 0")
        .contains("namespace=\"agents\",result=\"success\",le=\"500.0\"} 1");
  }

  @Test
  void no_label_grows_with_what_somebody_writes() {
    assertThat(Measure.values())
        .flatExtracting(Measure::labels)
        .doesNotContainAnyElementsOf(UNBOUNDED);
  }

  @Test
  void other_labels_than_its_own_are_a_mistake() {
    assertThatThrownBy(() -> meters.count(Measure.LEADER_CHANGES)).hasMessageContaining("[to]");
  }

  @Test
  void what_has_no_labels_is_there_before_its_first_increase() {
    assertThat(registry.scrape()).contains("jangar_audit_write_failures_total 0.0");
  }

  @Test
  void the_page_lists_them_all() throws IOException {
    var rows =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `jangar_")).toList();
    var table = Arrays.stream(Measure.values()).map(MeasureTest::row).collect(Collectors.toList());
    assertThat(rows.stream().filter(row -> row.chars().filter(c -> c == '|').count() == 5))
        .containsExactlyElementsOf(table);
  }

  @Test
  void the_page_tells_what_each_decision_is_called() throws IOException {
    var page = Files.readString(PAGE);
    assertThat(Stream.of(Decision.values()).map(Decision::word))
        .allSatisfy(word -> assertThat(page).contains("`" + word + "`"));
  }

  private static String row(Measure measure) {
    var labels =
        measure.labels().isEmpty()
            ? "none"
            : measure.labels().stream().map(l -> "`" + l + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(
            measure.metric(),
            measure.type().name().toLowerCase(Locale.ROOT),
            labels,
            measure.help());
  }

  private static Set<String> labels(String line) {
    return Pattern.compile("([a-z_]+)=\"")
        .matcher(line)
        .results()
        .map(m -> m.group(1))
        .collect(Collectors.toSet());
  }
}

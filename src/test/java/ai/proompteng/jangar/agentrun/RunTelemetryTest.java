package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.telemetry.LogKeys;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log and the meters say while a run goes its way. */
class RunTelemetryTest {
  private final RunBench bench = new RunBench();
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(RunTelemetry.class);

  @BeforeEach
  void listen() {
    told.start();
    log.addAppender(told);
    log.setLevel(Level.DEBUG);
    log.setAdditive(false);
  }

  @AfterEach
  void close() {
    log.detachAppender(told);
    log.setLevel(null);
    log.setAdditive(true);
    bench.close();
  }

  @Test
  void a_run_that_succeeds_is_submitted_once_and_ends_once() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.ring();
    bench.complete();
    bench.terminated(0, "Completed", "{\"status\":\"succeeded\",\"exitCode\":0}");
    bench.ring();
    bench.ring();

    assertThat(decisions(Level.INFO)).containsExactly("reconcile_submitted", "reconcile_terminal");
    assertThat(decisions(Level.DEBUG)).contains("reconcile_started");
    var line = fields("reconcile_submitted");
    assertThat(line)
        .containsEntry(LogKeys.NAMESPACE, "agents")
        .containsEntry(LogKeys.RUN_NAME, "fix-7")
        .containsEntry(LogKeys.RUN_UID, "6f2b")
        .containsEntry(LogKeys.RUNTIME_TYPE, "job")
        .containsEntry(LogKeys.PHASE, "Running")
        .containsKeys(LogKeys.SPEC_UID, LogKeys.DURATION, LogKeys.RUNTIME_REF_NAME);
    assertThat(count("jangar_runs_total", "phase", "Running")).isEqualTo(1);
    assertThat(count("jangar_runs_total", "provider", "github")).isEqualTo(2);
    assertThat(count("jangar_agent_run_outcomes_total", "outcome", "succeeded")).isEqualTo(1);
    assertThat(count("jangar_policy_decisions_total", "decision", "allowed")).isEqualTo(1);
    assertThat(bench.meters.get("jangar_run_submit_latency_seconds").timer().count()).isEqualTo(1);
  }

  @Test
  void a_run_that_waits_says_so_once_however_often_it_is_looked_at() throws Exception {
    bench.givenTask();
    bench.givenRun("");
    for (int i = 0; i < 5; i++) {
      bench.ring();
      bench.later(Duration.ofSeconds(5));
    }

    assertThat(decisions(Level.INFO)).containsExactly("reconcile_blocked");
    assertThat(fields("reconcile_blocked").get(LogKeys.REASON)).hasToString("WaitingForDependency");
  }

  @Test
  void a_run_that_may_not_start_says_which_check_refused_it() throws Exception {
    bench.givenAll();
    bench.givenAgent("{providerRef: {name: sample}, security: {allowedSecrets: []}}");
    bench.givenRun("secrets: [keys]");
    bench.ring();

    assertThat(decisions(Level.INFO)).containsExactly("reconcile_terminal");
    assertThat(decisions(Level.WARN)).containsExactly("reconcile_invalid_spec");
    assertThat(count("jangar_policy_decisions_total", "check", "SecretNotAllowed")).isEqualTo(1);
    assertThat(count("jangar_agent_run_outcomes_total", "outcome", "failed")).isEqualTo(1);
  }

  @Test
  void work_that_is_gone_is_told_as_orphaned() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.loseJobAndPods();
    bench.later(Duration.ofMinutes(5));
    for (int i = 0; i < 3; i++) {
      bench.ring();
      bench.later(Duration.ofMinutes(5));
    }

    assertThat(decisions(Level.WARN)).contains("reconcile_runtime_orphaned");
  }

  @Test
  void a_runtime_that_nobody_has_is_no_word_of_a_label() throws Exception {
    bench.givenAll();
    bench.givenRun(
        "finalizers: [agents.proompteng.ai/runtime-cleanup]",
        "agentRef: {name: sample}, implementationSpecRef: {name: octo-hello-7-impl},"
            + " runtime: {type: whatever-somebody-writes}");
    bench.ring();

    assertThat(count("jangar_runs_total", "runtime", "other")).isEqualTo(1);
  }

  private List<String> decisions(Level level) {
    return List.copyOf(told.list).stream()
        .filter(event -> event.getLevel().equals(level))
        .map(event -> fields(event).get(LogKeys.DECISION).toString())
        .toList();
  }

  private Map<String, Object> fields(String decision) {
    return told.list.stream()
        .map(RunTelemetryTest::fields)
        .filter(fields -> decision.equals(fields.get(LogKeys.DECISION)))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> fields(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .filter(pair -> pair.value != null)
        .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
  }

  private double count(String name, String label, String value) {
    return bench.meters.find(name).tag(label, value).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }
}

package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Artifact;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunStatusesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.5Z");
  private final RunStatuses statuses = new RunStatuses(50, false);
  private Resource<AgentRunSpec, AgentRunStatus> run = run("{}");

  @Test
  void a_run_that_runs_says_since_when_and_where() {
    var status = started();
    assertThat(status.phase()).isEqualTo("Running");
    assertThat(status.startedAt()).isEqualTo("2026-01-01T11:59:00Z");
    assertThat(RuntimeRef.of(status.runtimeRef()).name()).isEqualTo("j");
    assertThat(status.observedGeneration()).isEqualTo(3);
    assertThat(shown(status))
        .contains("Accepted=True/Submitted", "InProgress=True/Running", "Blocked=False/NotBlocked")
        .contains("Ready=False/Running", "Progressing=True/Running", "Degraded=False/Running");
  }

  @Test
  void looking_again_at_what_runs_well_is_no_news() {
    var status = started();
    run = with(status);
    assertThat(after(new RunOutcome.Observed(working(null)))).isEqualTo(status);
  }

  @Test
  void a_pod_in_trouble_is_told_once_and_cleared_when_it_starts() {
    run = with(started());
    var first = after(new RunOutcome.Observed(working("Unschedulable")));
    assertThat(first.why()).isEqualTo("Unschedulable");
    assertThat(shown(first)).contains("Warning=True/Unschedulable");
    run = with(first);
    var other = new RuntimeState.Working("Unschedulable", "other words", Duration.ofSeconds(1));
    assertThat(after(new RunOutcome.Observed(other))).isEqualTo(first);
    var well = after(new RunOutcome.Observed(working(null)));
    assertThat(well.why()).isNull();
    assertThat(shown(well)).contains("Warning=False/None");
  }

  @Test
  void a_failure_fills_reason_message_and_exactly_one_ending() {
    run = with(started());
    var status = after(ended(Phase.Failed, "OOMKilled", null));
    assertThat(status.reason()).isEqualTo("OOMKilled");
    assertThat(status.why()).isEqualTo("OOMKilled");
    assertThat(shown(status))
        .contains("Failed=True/OOMKilled", "Succeeded=False/OOMKilled", "Degraded=True/OOMKilled")
        .contains("InProgress=False/Finished", "Ready=False/OOMKilled");
    assertThat(status.conditions()).extracting(Condition::type).doesNotContain("Cancelled");
  }

  @Test
  void what_is_final_is_never_altered() {
    run = with(started());
    run = with(after(ended(Phase.Succeeded, "Completed", null)));
    assertThat(after(ended(Phase.Failed, "JobMissing", null))).isSameAs(run.status());
    assertThat(after(new RunOutcome.Refused(Reason.MissingAgent, ""))).isSameAs(run.status());
  }

  @Test
  void a_run_that_somebody_submitted_meanwhile_is_not_held() {
    var status = started();
    run = with(status);
    var held = after(new RunOutcome.Held(Reason.WaitingForDependency, "", Duration.ofSeconds(1)));
    assertThat(held.phase()).isEqualTo("Running");
  }

  @Test
  void a_submit_error_is_not_the_specs_fault() {
    var status = after(new RunOutcome.Refused(Reason.SubmitFailed, "no"));
    assertThat(shown(status)).contains("Failed=True/SubmitFailed").doesNotContain("InvalidSpec");
  }

  @Test
  void sixty_artifacts_are_cut_and_it_is_said() {
    run = with(started());
    var entries =
        IntStream.range(0, 60).mapToObj(i -> Map.of("name", "a" + i, "url", "https://x")).toList();
    var runner =
        Map.<String, Object>of(
            "status", "succeeded",
            "error", "e".repeat(1000),
            "args", List.of("secret"),
            "artifacts", Map.of("outputArtifacts", entries));
    var status = after(ended(Phase.Succeeded, "Completed", runner));
    assertThat(status.artifacts()).hasSize(50);
    assertThat(shown(status)).contains("ArtifactsLimited=True/TooManyArtifacts");
    assertThat(status.runner()).doesNotContainKeys("args", "artifacts");
    assertThat((String) status.runner().get("error")).hasSize(640);
  }

  @Test
  void too_many_artifacts_fail_a_run_where_that_is_asked_for() {
    run = with(started());
    var strict = new RunStatuses(1, true);
    var two = List.of(Map.of("name", "a"), Map.of("name", "b"));
    var status = judged(strict, Phase.Succeeded, two);
    assertThat(status.phase()).isEqualTo("Failed");
    assertThat(status.reason()).isEqualTo("ArtifactsLimitExceeded");
    assertThat(status.artifacts()).hasSize(1);
    assertThat(shown(status))
        .contains(
            "ArtifactsLimitExceeded=True/ArtifactsLimitExceeded",
            "Succeeded=False/ArtifactsLimitExceeded");

    assertThat(judged(strict, Phase.Cancelled, two).phase()).isEqualTo("Cancelled");
    assertThat(judged(strict, Phase.Succeeded, List.of(Map.of("name", "a"), Map.of())).phase())
        .as("a missing name alone is no excess")
        .isEqualTo("Succeeded");
    assertThat(judged(statuses, Phase.Succeeded, two).phase()).isEqualTo("Succeeded");
  }

  private AgentRunStatus judged(
      RunStatuses by, Phase phase, List<? extends Map<String, String>> artifacts) {
    var runner = Map.<String, Object>of("artifacts", Map.of("outputArtifacts", artifacts));
    var outcome =
        new RunOutcome.Observed(
            new RuntimeState.Ended(phase, "Completed", "words", NOW, runner, false));
    return by.after(run, outcome, 1L, NOW);
  }

  @Test
  void an_unknown_key_of_the_config_is_a_warning() {
    run = run("{\"runtime\":{\"type\":\"job\",\"config\":{\"nonsense\":1}}}");
    var status = started();
    assertThat(shown(status)).contains("Warning=True/UnknownRuntimeConfig");
  }

  @Test
  void an_edit_that_does_not_end_the_run_is_a_warning() {
    run = with(started());
    var warned = after(new RunOutcome.Observed(working(null)));
    assertThat(shown(warned)).contains("Warning=False/None");
    run = run("{\"parameters\":{\"a\":\"b\"}}");
    run = with(warned);
    var edited = after(new RunOutcome.Observed(working(null)));
    assertThat(shown(edited)).contains("Warning=True/SpecImmutableViolation");
    run = with(edited);
    assertThat(after(new RunOutcome.Observed(working(null)))).isEqualTo(edited);
  }

  @Test
  void work_that_was_never_seen_is_submitted_again() {
    run = with(started());
    var status = after(new RunOutcome.Observed(new RuntimeState.Absent()));
    assertThat(status.runtimeRef()).isNull();
    assertThat(status.phase()).isEqualTo("Pending");
    assertThat(status.specHash()).isEqualTo(SpecHash.of(run.spec()));
  }

  private AgentRunStatus started() {
    var ref = new RuntimeRef("job", "j", "agents", "u", Instant.parse("2026-01-01T11:59:00Z"));
    List<Artifact> none = List.of();
    return after(new RunOutcome.Started(ref, SpecHash.of(run.spec()), none, null));
  }

  private static RunOutcome ended(Phase phase, String reason, Map<String, Object> runner) {
    return new RunOutcome.Observed(
        new RuntimeState.Ended(phase, reason, "words", NOW, runner, false));
  }

  private static RuntimeState.Working working(String why) {
    return new RuntimeState.Working(why, why == null ? null : "words", Duration.ofSeconds(60));
  }

  private AgentRunStatus after(RunOutcome outcome) {
    return statuses.after(run, outcome, 3L, NOW);
  }

  private static String shown(AgentRunStatus status) {
    return Conditions.merge(status.conditions(), List.of(), NOW).stream()
        .map(c -> c.type() + "=" + c.status() + "/" + c.reason())
        .toList()
        .toString();
  }

  private Resource<AgentRunSpec, AgentRunStatus> with(AgentRunStatus status) {
    return new Resource<>(run.metadata(), run.spec(), status);
  }

  private static Resource<AgentRunSpec, AgentRunStatus> run(String spec) {
    try {
      return Decoder.decode(
          Kind.AGENT_RUN,
          Decoder.mapper().readTree("{\"metadata\":{\"name\":\"x\"},\"spec\":" + spec + "}"));
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

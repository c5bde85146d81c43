package ai.proompteng.jangar.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardConditionsTest {

  @ParameterizedTest
  @CsvSource({
    "Failed,Ready=False Progressing=False Degraded=True",
    "CANCELLED,Ready=False Progressing=False Degraded=True",
    "invalid,Ready=False Progressing=False Degraded=True",
    "Pending,Ready=False Progressing=True Degraded=False",
    "queued,Ready=False Progressing=True Degraded=False",
    "Succeeded,Ready=True Progressing=False Degraded=False",
    "active,Ready=True Progressing=False Degraded=False",
    "Template,Ready=Unknown Progressing=Unknown Degraded=Unknown"
  })
  void the_phase_decides(String phase, String expected) {
    assertThat(shown(StandardConditions.derive(phase, List.of()))).isEqualTo(expected);
  }

  @Test
  void a_stale_failure_does_not_mask_a_recovery() {
    var said = List.of(Condition.yes("Failed", Reason.JobFailed, "long ago"));
    assertThat(shown(StandardConditions.derive("Succeeded", said)))
        .isEqualTo("Ready=True Progressing=False Degraded=False");
  }

  @Test
  void a_failed_run_is_degraded_for_its_own_reason() {
    var said =
        List.of(
            Condition.yes("InvalidSpec", Reason.MissingAgent, "no Agent x"),
            Condition.no("Succeeded", Reason.MissingAgent, ""));
    assertThat(Conditions.find(StandardConditions.derive("Failed", said), "Degraded"))
        .hasValue(new Condition("Degraded", "True", "MissingAgent", "no Agent x", null));
  }

  @Test
  void without_a_phase_a_failure_beats_ready() {
    var said =
        List.of(
            Condition.yes("Ready", Reason.ValidSpec, ""),
            Condition.yes("Unreachable", Reason.SecretNotFound, "gone"));
    assertThat(shown(StandardConditions.derive(null, said)))
        .isEqualTo("Ready=False Progressing=False Degraded=True");
  }

  @Test
  void without_a_phase_ready_is_as_the_reconciler_said() {
    var ready = Condition.yes("Ready", Reason.ValidSpec, "");
    var derived = StandardConditions.derive(null, List.of(ready));
    assertThat(derived).contains(ready);
    assertThat(shown(derived)).isEqualTo("Ready=True Progressing=False Degraded=False");
  }

  @Test
  void not_ready_is_degraded_for_the_same_reason() {
    var said = List.of(Condition.no("Ready", Reason.ProviderNotReady, "p is not ready"));
    assertThat(Conditions.find(StandardConditions.derive(null, said), "Degraded"))
        .hasValue(new Condition("Degraded", "True", "ProviderNotReady", "p is not ready", null));
  }

  @Test
  void a_degraded_that_was_said_survives() {
    var degraded = Condition.yes("Degraded", Reason.ProviderNotReady, "no capacity");
    var said = List.of(Condition.yes("Ready", Reason.ValidSpec, ""), degraded);
    assertThat(StandardConditions.derive(null, said)).contains(degraded);
  }

  @Test
  void nothing_said_is_unknown() {
    assertThat(shown(StandardConditions.derive(null, List.of())))
        .isEqualTo("Ready=Unknown Progressing=Unknown Degraded=Unknown");
  }

  private static String shown(List<Condition> conditions) {
    return List.of("Ready", "Progressing", "Degraded").stream()
        .map(type -> type + "=" + Conditions.find(conditions, type).orElseThrow().status())
        .collect(Collectors.joining(" "));
  }
}

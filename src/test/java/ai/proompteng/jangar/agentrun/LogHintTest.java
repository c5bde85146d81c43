package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogHintTest {

  @ParameterizedTest
  @CsvSource({
    "You hit your Usage Limit, ProviderCapacityExhausted",
    "429 rate limited, ProviderCapacityExhausted",
    "RESOURCE_EXHAUSTED, ProviderCapacityExhausted",
    "rate limit; login required, ProviderAuthUnavailable",
    "invalid_grant, ProviderAuthUnavailable",
    "all is well, BackoffLimitExceeded"
  })
  void a_failure_without_a_word_of_its_runner_is_looked_up_in_the_log(String log, String reason) {
    assertThat(LogHint.over(ended(Phase.Failed, "BackoffLimitExceeded", null), log).reason())
        .isEqualTo(reason);
  }

  @Test
  void what_is_known_is_not_guessed() {
    var limited = "rate limit";
    for (var ended :
        new Ended[] {
          ended(Phase.Succeeded, "Completed", null),
          ended(Phase.Cancelled, "RunnerCancelled", null),
          ended(Phase.Failed, "OOMKilled", null),
          ended(Phase.Failed, "RunnerFailed", Map.of("errorClass", "other")),
          ended(Phase.Failed, "InvalidSpec", Map.of("reason", "InvalidSpec"))
        }) {
      assertThat(LogHint.over(ended, limited)).isEqualTo(ended);
    }
  }

  @Test
  void only_the_last_120_lines_count() {
    var failed = ended(Phase.Failed, "JobFailed", null);
    assertThat(LogHint.over(failed, "rate limit\n" + "line\n".repeat(119)).reason())
        .isEqualTo("ProviderCapacityExhausted");
    assertThat(LogHint.over(failed, "rate limit\n" + "line\n".repeat(120)).reason())
        .isEqualTo("JobFailed");
  }

  private static Ended ended(Phase phase, String reason, Map<String, Object> runner) {
    return new Ended(phase, reason, "words", null, runner, false);
  }
}

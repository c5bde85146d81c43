package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerVerdict;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the end of a failed run's log hints at, when its runner gave no reason: text is a hint and
 * never more (agentrun.md 1.8, 4.8). Pure.
 */
final class LogHint {
  private static final int LINES = 120;

  /** Ends whose reason is known for sure. */
  private static final Set<String> CERTAIN =
      Set.of(Reason.OOMKilled.name(), Reason.JobMissing.name());

  private static final Pattern AUTH =
      words(
          "token_expired|invalid_grant|grant not found|refresh token (is |was )?unusable"
              + "|access token (is |was |could )?not (be )?refresh(able|ed)"
              + "|expired authentication token|missing (bearer|basic) authentication"
              + "|login required");
  private static final Pattern CAPACITY =
      words(
          "usage limit|insufficient[ _]quota|quota exceeded|rate limit(ed)?|resource[ _]exhausted");

  private LogHint() {}

  /** The end, with the reason that the log's last lines hint at when there is no better one. */
  static Ended over(Ended ended, String log) {
    var explained = ended.runner() != null && RunnerVerdict.explains(ended.runner());
    if (ended.phase() != Phase.Failed
        || ended.stillThere()
        || explained
        || CERTAIN.contains(ended.reason())) {
      return ended;
    }
    return reason(last(log)).map(reason -> because(ended, reason)).orElse(ended);
  }

  private static Optional<Reason> reason(String lines) {
    if (AUTH.matcher(lines).find()) {
      return Optional.of(Reason.ProviderAuthUnavailable);
    }
    return CAPACITY.matcher(lines).find()
        ? Optional.of(Reason.ProviderCapacityExhausted)
        : Optional.empty();
  }

  private static Ended because(Ended ended, Reason reason) {
    return new Ended(
        ended.phase(), reason.name(), ended.message(), ended.finishedAt(), ended.runner(), false);
  }

  private static String last(String log) {
    int from = log.length();
    for (int lines = 0; lines <= LINES && from > 0; lines++) {
      from = log.lastIndexOf('\n', from - 1);
    }
    return log.substring(Math.max(from, 0));
  }

  private static Pattern words(String alternatives) {
    return Pattern.compile(alternatives, Pattern.CASE_INSENSITIVE);
  }
}

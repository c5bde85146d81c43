package ai.proompteng.jangar.runtime;

import ai.proompteng.jangar.core.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What has become of a run's work. */
public sealed interface RuntimeState {

  /**
   * It was never there, or its creation got lost before anybody saw it: submit it again, which
   * finds it if it is there after all.
   */
  record Absent() implements RuntimeState {}

  /**
   * It is under way.
   *
   * @param why what keeps it from starting, a reason in the runtime's words; null when it goes well
   * @param message what a human should know about that; null with it
   * @param lookAgain when to look again though nothing rings
   * @param runner the runner's own last words, when it is done before the runtime says so; null
   *     before that
   */
  record Working(String why, String message, Duration lookAgain, Map<String, Object> runner)
      implements RuntimeState {
    public Working(String why, String message, Duration lookAgain) {
      this(why, message, lookAgain, null);
    }
  }

  /**
   * It is over.
   *
   * @param phase {@code Succeeded}, {@code Failed} or {@code Cancelled}
   * @param reason as a condition says it; a runtime's own words are allowed
   * @param finishedAt when it ended; null when nobody knows
   * @param runner the runner's own last words (agentrun.md 8.3); null when it left none
   * @param stillThere true when it would go on for ever: whoever reports its end stops it first
   */
  record Ended(
      Phase phase,
      String reason,
      String message,
      Instant finishedAt,
      Map<String, Object> runner,
      boolean stillThere)
      implements RuntimeState {}
}

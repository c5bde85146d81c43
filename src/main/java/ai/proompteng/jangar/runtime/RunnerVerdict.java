package ai.proompteng.jangar.runtime;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** How a run ends by its runner's own last words (agentrun.md 4.8, 8.3). Pure. */
public final class RunnerVerdict {
  private RunnerVerdict() {}

  /**
   * The end that the runner speaks of.
   *
   * @param runner its last words, whose {@code status} is succeeded, failed or cancelled
   * @param at when the work ended; null when nobody knows
   */
  public static Ended of(Map<String, Object> runner, Instant at) {
    var error = text(runner, "error");
    return switch (String.valueOf(runner.get("status"))) {
      case "succeeded" ->
          ended(Phase.Succeeded, Reason.Completed.name(), "The runner succeeded", at, runner);
      case "cancelled" ->
          ended(
              Phase.Cancelled,
              Reason.RunnerCancelled.name(),
              error.orElse("The runner was told to stop"),
              at,
              runner);
      default ->
          ended(
              Phase.Failed,
              reason(runner),
              error.orElse("The runner failed with exit code " + runner.get("exitCode")),
              at,
              runner);
    };
  }

  /** True when the runner says of its failure what kind it is, or gives a reason. */
  public static boolean explains(Map<String, Object> runner) {
    return text(runner, "errorClass").isPresent() || ownReason(runner).isPresent();
  }

  private static Ended ended(
      Phase phase, String reason, String message, Instant at, Map<String, Object> runner) {
    return new Ended(phase, reason, message, at, runner, false);
  }

  private static String reason(Map<String, Object> runner) {
    return switch (text(runner, "errorClass").orElse("other")) {
      case "capacity" -> Reason.ProviderCapacityExhausted.name();
      case "auth" -> Reason.ProviderAuthUnavailable.name();
      default -> ownReason(runner).orElse(Reason.RunnerFailed.name());
    };
  }

  private static Optional<String> ownReason(Map<String, Object> runner) {
    return text(runner, "reason").filter(word -> word.matches("[A-Za-z][A-Za-z0-9]{0,99}"));
  }

  private static Optional<String> text(Map<String, Object> map, String key) {
    return Optional.ofNullable(map.get(key))
        .map(Object::toString)
        .filter(value -> !value.isBlank());
  }
}

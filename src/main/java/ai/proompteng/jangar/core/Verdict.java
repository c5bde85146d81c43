package ai.proompteng.jangar.core;

import java.util.List;
import java.util.Optional;

/**
 * What the checks of a static kind came to: nothing, or the first thing that keeps the object from
 * being used (agentrun.md 1.8).
 *
 * @param type the condition that is in force: {@code InvalidSpec}, {@code Unreachable}, or {@code
 *     Ready}, which is then False
 */
public record Verdict(String type, Reason reason, String message) {

  /** A human must change the object. */
  public static Optional<Verdict> invalid(Reason reason, String message) {
    return Optional.of(new Verdict(StandardConditions.INVALID_SPEC, reason, message));
  }

  /** The object asks for what is not built yet (decision 47). */
  public static Optional<Verdict> notSupportedYet(String field) {
    return invalid(Reason.NotSupportedYet, field + " is not supported yet");
  }

  /** Something that the object needs is not there. */
  public static Optional<Verdict> unreachable(Reason reason, String message) {
    return Optional.of(new Verdict(StandardConditions.UNREACHABLE, reason, message));
  }

  /** The object is in order and yet of no use now. */
  public static Optional<Verdict> notReady(Reason reason, String message) {
    return Optional.of(new Verdict(StandardConditions.READY, reason, message));
  }

  /**
   * {@code Ready}, {@code InvalidSpec} and {@code Unreachable}, each True or False, so that what no
   * longer holds is cleared.
   *
   * @param verdict what was found
   * @param ready the reason of {@code Ready} when nothing was
   */
  public static List<Condition> conditions(Optional<Verdict> verdict, Reason ready) {
    return List.of(
        verdict
            .map(v -> Condition.no(StandardConditions.READY, v.reason(), v.message()))
            .orElseGet(() -> Condition.yes(StandardConditions.READY, ready, "")),
        condition(StandardConditions.INVALID_SPEC, Reason.ValidSpec, verdict),
        condition(StandardConditions.UNREACHABLE, Reason.Reachable, verdict));
  }

  private static Condition condition(String type, Reason otherwise, Optional<Verdict> verdict) {
    return verdict
        .filter(v -> v.type().equals(type))
        .map(v -> Condition.yes(type, v.reason(), v.message()))
        .orElseGet(() -> Condition.no(type, otherwise, ""));
  }
}

package ai.proompteng.jangar.core;

import java.time.Instant;

/**
 * One {@code metav1.Condition}.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param lastTransitionTime when {@code status} last changed; null until {@link Conditions} has set
 *     it
 */
public record Condition(
    String type, String status, String reason, String message, Instant lastTransitionTime) {

  /** The condition holds. */
  public static Condition yes(String type, Reason reason, String message) {
    return new Condition(type, "True", reason.name(), message, null);
  }

  /** The condition does not hold. */
  public static Condition no(String type, Reason reason, String message) {
    return new Condition(type, "False", reason.name(), message, null);
  }

  /** True when the status is {@code True}. */
  public boolean holds() {
    return "True".equals(status);
  }
}

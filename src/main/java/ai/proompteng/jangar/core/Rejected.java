package ai.proompteng.jangar.core;

/** The other side answered, and the answer is no: asking again will not help, a human must know. */
public class Rejected extends RuntimeException {
  private final Reason reason;

  public Rejected(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Rejected(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why, as a condition would say it. */
  public Reason reason() {
    return reason;
  }
}

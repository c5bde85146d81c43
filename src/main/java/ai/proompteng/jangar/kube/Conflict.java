package ai.proompteng.jangar.kube;

/** The object has moved on since it was read: look again, decide again. */
public final class Conflict extends RuntimeException {
  public Conflict(String message, Throwable cause) {
    super(message, cause);
  }
}

package ai.proompteng.jangar.core;

/** The other side did not answer, or asked us to come back: ask again, it is nobody's fault. */
public final class Unreachable extends RuntimeException {
  public Unreachable(String message) {
    super(message);
  }

  public Unreachable(String message, Throwable cause) {
    super(message, cause);
  }
}

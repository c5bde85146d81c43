package ai.proompteng.jangar.kube;

/** An object of that name is there already. */
public final class AlreadyExists extends RuntimeException {
  public AlreadyExists(String message, Throwable cause) {
    super(message, cause);
  }
}

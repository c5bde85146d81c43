package ai.proompteng.jangar.core;

import java.util.Map;

/**
 * A request that is answered with an error, and nothing of it is done (integrations-and-helm.md
 * 3.2). Whoever asked reads the message, so it names nothing that the sender did not say.
 */
public final class Refused extends RuntimeException {
  private final int status;
  private final String code;
  private final int retryAfterSeconds;
  private final transient Map<String, ?> details;

  /**
   * @param status of HTTP
   * @param code stable, for programs
   */
  public Refused(int status, String code, String message) {
    this(status, code, message, 0);
  }

  /**
   * @param retryAfterSeconds when to come back; 0 says nothing of it
   */
  public Refused(int status, String code, String message, int retryAfterSeconds) {
    this(status, code, message, retryAfterSeconds, Map.of());
  }

  /**
   * @param details what a program reads of it: plain values
   */
  public Refused(
      int status, String code, String message, int retryAfterSeconds, Map<String, ?> details) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.details = Map.copyOf(details);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** What a program reads of it; empty when there is nothing. */
  public Map<String, ?> details() {
    return details;
  }
}

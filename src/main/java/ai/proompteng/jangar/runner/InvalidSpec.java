package ai.proompteng.jangar.runner;

/**
 * The runner was given something it must not start: asking again would not help (exit code 2,
 * agentrun.md 8.4).
 */
final class InvalidSpec extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  InvalidSpec(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What is not built yet is refused by the field's name. */
  static InvalidSpec notSupportedYet(String field) {
    return new InvalidSpec("NotSupportedYet", field + " is not supported yet");
  }

  String reason() {
    return reason;
  }
}

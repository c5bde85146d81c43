package ai.proompteng.jangar.local;

/** Why local mode does not start, as one line for the operator. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refused(String line) {
    super(line);
  }
}

package ai.proompteng.jangar.camel.jangar;

/**
 * Something over HTTP that no verifier has marked asked to be stored; nothing was. The route lacks
 * its verifying step, or names a source that the request was not verified for.
 */
public final class Unverified extends RuntimeException {
  public Unverified(String message) {
    super(message);
  }
}

package ai.proompteng.jangar.kube;

/**
 * Reads the few Secrets that Jangar itself uses, by name, through a small cache. Never lists or
 * watches, never logs a value.
 */
public interface SecretReader {

  /** What a look at a key of a Secret gave. */
  sealed interface Lookup {
    /** The value, one trailing newline taken off; never blank. */
    record Found(String value) implements Lookup {
      @Override
      public String toString() {
        return "Found[***]";
      }
    }

    record NoSecret() implements Lookup {}

    record NoKey() implements Lookup {}
  }

  /**
   * The value of that key. A value once read stays usable while the API server is away.
   *
   * @throws ai.proompteng.jangar.core.Unreachable when the server does not answer and nothing is
   *     remembered
   */
  Lookup read(String namespace, String name, String key);
}

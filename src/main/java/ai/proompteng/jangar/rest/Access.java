package ai.proompteng.jangar.rest;

/** Who may read over REST. */
@FunctionalInterface
public interface Access {
  /** Local mode, whose door lets in nobody from elsewhere. */
  Access EVERYONE = authorization -> true;

  /** Wherever authentication is not built. */
  Access NOBODY = authorization -> false;

  /**
   * @param authorization the Authorization header; null when missing
   */
  boolean mayRead(String authorization);
}

package ai.proompteng.jangar.camel.jangar;

/** What travels beside the body. Properties of the exchange: no request can set one. */
public final class JangarConstants {
  /**
   * Set by a verifier: {@code List<VerifiedSource>}, the sources whose secret verified the request.
   * Without it {@code jangar:intake} takes nothing from an HTTP exchange.
   */
  public static final String VERIFIED = "JangarVerified";

  /**
   * Set by {@code openToEveryone} alone: the route's author wants no verification. Then {@code
   * jangar:intake} takes free words as sources, and no ImplementationSource.
   */
  public static final String OPEN = "JangarOpenToEveryone";

  private JangarConstants() {}
}

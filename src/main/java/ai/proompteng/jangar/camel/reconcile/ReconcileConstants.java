package ai.proompteng.jangar.camel.reconcile;

/** Names that routes and {@code reconcile:} agree upon. */
public final class ReconcileConstants {
  /**
   * Exchange property of type {@link java.time.Duration}: ring the key again after that long. Read
   * when the exchange has succeeded.
   */
  public static final String REQUEUE_AFTER = "JangarRequeueAfter";

  /** Exchange property, true when the object does not decode: it is counted. */
  public static final String UNDECODABLE = "JangarUndecodable";

  private ReconcileConstants() {}
}

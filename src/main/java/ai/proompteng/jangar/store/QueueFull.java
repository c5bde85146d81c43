package ai.proompteng.jangar.store;

/** As many deliveries wait as may wait; nothing of the request was stored. Come back later. */
public final class QueueFull extends RuntimeException {
  public QueueFull(int limit) {
    super("the intake ledger holds " + limit + " waiting deliveries, its limit");
  }
}

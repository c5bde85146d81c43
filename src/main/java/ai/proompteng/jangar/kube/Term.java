package ai.proompteng.jangar.kube;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One term: sought, held, retired from, over. It is over at the latest when the last renewal that
 * succeeded was sent a renew deadline ago, by a clock that only goes forward, whatever any call
 * still waits for; and what is over never comes back, so a call that succeeds late changes nothing.
 */
final class Term {
  private final String identity;
  private final long deadlineNanos;
  private final LongSupplier nanos;
  private boolean held;
  private boolean retired;
  private boolean over;
  private long renewed;

  /**
   * @param identity of this term alone
   * @param renewDeadline how long it may go on without a renewal
   * @param nanos a time that only goes forward, as {@link System#nanoTime}
   */
  Term(String identity, Duration renewDeadline, LongSupplier nanos) {
    this.identity = identity;
    this.deadlineNanos = renewDeadline.toNanos();
    this.nanos = nanos;
  }

  String identity() {
    return identity;
  }

  /** The Lease is ours since a request that was sent then. */
  synchronized void renewed(long sentAt) {
    if (!over()) {
      held = true;
      renewed = sentAt;
    }
  }

  /** True while the Lease is ours and work may begin. */
  synchronized boolean leads() {
    return held && !retired && !over();
  }

  /** No work begins any more; the Lease is still kept, until what is under way has ended. */
  synchronized void retire() {
    retired = true;
  }

  /** True once it has ended or its renewal is overdue. */
  synchronized boolean over() {
    return over || held && nanos.getAsLong() - renewed >= deadlineNanos;
  }

  /**
   * Ends it, however far it got.
   *
   * @return true for the one call that ended it
   */
  synchronized boolean end() {
    var ends = !over;
    over = true;
    return ends;
  }

  /** How long it lasts without a further renewal. */
  synchronized Duration left() {
    return Duration.ofNanos(Math.max(0, renewed + deadlineNanos - nanos.getAsLong()));
  }
}

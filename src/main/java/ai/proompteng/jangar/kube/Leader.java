package ai.proompteng.jangar.kube;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether this process leads: a boolean with listeners (decision 16). Safety never rests on it,
 * only the saving of work: names are deterministic, writes carry resource versions, rows have
 * unique keys. Losing it ends a term, never the process.
 */
public interface Leader extends AutoCloseable {

  /** Somebody who begins and ends work with a term. */
  @FunctionalInterface
  interface Listener {

    /**
     * Told of each change, one at a time and in order: true, false, true. The next term is sought
     * after its return from false, so that what it began has ended by then.
     */
    void leads(boolean now);
  }

  /**
   * What a reader may be told (orchestration-and-api.md 8.2, 8.5). It informs: no readiness hangs
   * on it.
   *
   * @param enabled true when a Lease decides
   * @param required true when this process has work that only a leader does
   * @param identity the name of the present term, or of the present try; empty without a Lease
   * @param holder who holds the Lease, as last seen
   * @param lastError why the last call failed; empty once one succeeds
   */
  record Facts(
      boolean enabled,
      boolean required,
      boolean isLeader,
      String leaseName,
      String leaseNamespace,
      Optional<String> identity,
      Optional<String> holder,
      Optional<Instant> lastTransitionAt,
      Optional<Instant> lastAttemptAt,
      Optional<Instant> lastSuccessAt,
      Optional<String> lastError) {}

  /** True while this process leads. Exact at the moment of the call, also after a standstill. */
  boolean leads();

  /** Adds a listener. Before {@link #start}. */
  void listen(Listener listener);

  /** Begins to seek the lead, and returns. */
  void start();

  /** What may be told of it. No request. */
  Facts facts();

  /**
   * False when the loop that seeks and renews has stood still for longer than any call of its may
   * last: the process should be started anew. No request.
   */
  boolean beats();

  /** Ends the term: listeners first, then the Lease is given back. Seeks no other. */
  @Override
  void close();

  /** The lead of a process that needs no Lease: one alone, or one that has nothing to lead. */
  static Leader appointed(boolean leads) {
    return new AppointedLeader(leads);
  }
}

package ai.proompteng.jangar.kube;

import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import java.time.Duration;
import java.util.Optional;

/**
 * What was seen of a Lease, and since when it stands unchanged. Its times are the holder's and
 * prove nothing here: expiry is counted by our own clock that only goes forward, from the moment of
 * the last change (integrations-and-helm.md 5.6).
 *
 * @param record as last seen; null: there was never one
 * @param since nanoseconds of the forward clock at which it was first seen so
 * @param gone it was there, and somebody has deleted it
 */
record SeenLease(LeaderElectionRecord record, long since, boolean gone) {
  static final SeenLease NEVER = new SeenLease(null, 0, false);

  /**
   * The next look at it.
   *
   * @param now what stands there; null: nothing
   */
  SeenLease look(LeaderElectionRecord now, long nanos) {
    if (now == null) {
      return new SeenLease(record, since, record != null);
    }
    return now.equals(record)
        ? new SeenLease(record, since, false)
        : new SeenLease(now, nanos, false);
  }

  /**
   * True when nobody holds it: it was given back, or its holder has not said a word for as long as
   * the record allows. A deletion is no word: a holder that lives writes it again, so it is waited
   * for, but no longer than we would ask for ourselves.
   *
   * @param ours how long a Lease of ours lasts
   */
  boolean free(long nanos, Duration ours) {
    if (holder().isEmpty()) {
      return true;
    }
    var theirs = record.getLeaseDuration();
    var length = gone && ours.compareTo(theirs) < 0 ? ours : theirs;
    return nanos - since > length.toNanos();
  }

  boolean heldBy(String identity) {
    return holder().filter(identity::equals).isPresent();
  }

  Optional<String> holder() {
    return Optional.ofNullable(record)
        .map(LeaderElectionRecord::getHolderIdentity)
        .filter(name -> !name.isEmpty());
  }

  /** How often it has changed hands. */
  int transitions() {
    return record == null ? 0 : record.getLeaderTransitions();
  }
}

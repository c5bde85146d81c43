package ai.proompteng.jangar.kube;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The Lease as one term's elector sees it. The elector compares the holder's renewTime with the
 * wall clock here; what it is shown is a time long past or far ahead, by what {@link SeenLease}
 * says. It reads, creates and replaces; a replacement carries the version that was read.
 */
final class LeaderLock implements Lock {
  private static final ZonedDateTime LONG_PAST = Instant.EPOCH.atZone(ZoneOffset.UTC);
  private static final ZonedDateTime FAR_AHEAD = LONG_PAST.plusYears(5000);

  /** What outlives a term: what was seen of the Lease, and how the calls go. */
  interface Watch {
    SeenLease seen();

    /** A look at the Lease; null: there is none. */
    void look(LeaderElectionRecord record);

    /** A call begins. */
    void calling();

    /** It was answered. */
    void answered(String verb);

    /** It was not, or it was refused. */
    void failed(String verb, RuntimeException why);
  }

  private final String namespace;
  private final String name;
  private final Duration length;
  private final Term term;
  private final Watch watch;
  private final LongSupplier nanos;
  private Lease read;
  private boolean ours;
  private boolean remembered;

  /**
   * @param length how long a Lease of ours lasts
   */
  LeaderLock(
      String namespace, String name, Duration length, Term term, Watch watch, LongSupplier nanos) {
    this.namespace = namespace;
    this.name = name;
    this.length = length;
    this.term = term;
    this.watch = watch;
    this.nanos = nanos;
  }

  @Override
  public synchronized LeaderElectionRecord get(KubernetesClient client) {
    if (ours && term.leads()) {
      ours = false; // once: unless the next write succeeds too, it is read again
      remembered = true;
      return watch.seen().record();
    }
    remembered = false;
    read = call("get", () -> client.leases().inNamespace(namespace).withName(name).get());
    watch.look(read == null ? null : record(read));
    var seen = watch.seen();
    var free = seen.free(nanos.getAsLong(), length);
    if (read == null && (free || seen.heldBy(identity()))) {
      return null; // to be created
    }
    return seen.heldBy(identity())
        ? seen.record()
        : seen.record().toBuilder().renewTime(free ? LONG_PAST : FAR_AHEAD).build();
  }

  @Override
  public synchronized void create(KubernetesClient client, LeaderElectionRecord record) {
    var seen = watch.seen();
    var transitions =
        seen.transitions() + (seen.record() == null || seen.heldBy(identity()) ? 0 : 1);
    write(
        "create",
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .withSpec(spec(record.toBuilder().leaderTransitions(transitions).build()))
            .build(),
        record,
        lease -> client.leases().inNamespace(namespace).resource(lease).create());
  }

  @Override
  public synchronized void update(KubernetesClient client, LeaderElectionRecord record) {
    try {
      replace(client, record);
    } catch (KubernetesClientException e) {
      var changed = e.getCode() == HTTP_CONFLICT || e.getCode() == HTTP_NOT_FOUND;
      if (!remembered || !changed) {
        throw e;
      }
      if (get(client) == null) { // somebody deleted it
        create(client, record);
      } else if (watch.seen().heldBy(identity())) { // somebody wrote on it
        replace(client, record);
      } else {
        throw e;
      }
    }
  }

  private void replace(KubernetesClient client, LeaderElectionRecord record) {
    write(
        "update",
        new LeaseBuilder(read).withSpec(spec(record)).build(),
        record,
        lease -> client.leases().inNamespace(namespace).resource(lease).update());
  }

  @Override
  public String identity() {
    return term.identity();
  }

  @Override
  public String describe() {
    return "Lease " + namespace + "/" + name + " as " + identity();
  }

  private void write(
      String verb, Lease lease, LeaderElectionRecord record, UnaryOperator<Lease> send) {
    var takes = identity().equals(record.getHolderIdentity());
    if (takes && term.over()) {
      throw new KubernetesClientException("the term is over");
    }
    long sentAt = nanos.getAsLong();
    read = call(verb, () -> send.apply(lease));
    watch.look(record(read));
    if (takes) {
      term.renewed(sentAt);
      ours = true;
    }
  }

  /** Whatever goes wrong is a failed call: the elector's loop ends on any other exception. */
  private <T> T call(String verb, Supplier<T> what) {
    watch.calling();
    try {
      var answer = what.get();
      watch.answered(verb);
      return answer;
    } catch (RuntimeException e) {
      watch.failed(verb, e);
      throw e instanceof KubernetesClientException known
          ? known
          : new KubernetesClientException("No answer", e);
    }
  }

  private static LeaseSpec spec(LeaderElectionRecord record) {
    return new LeaseSpecBuilder()
        .withHolderIdentity(record.getHolderIdentity())
        .withLeaseDurationSeconds(Math.toIntExact(record.getLeaseDuration().toSeconds()))
        .withAcquireTime(record.getAcquireTime())
        .withRenewTime(record.getRenewTime())
        .withLeaseTransitions(record.getLeaderTransitions())
        .build();
  }

  /** Total: a Lease that somebody made by hand may lack anything. */
  private static LeaderElectionRecord record(Lease lease) {
    var spec = Optional.ofNullable(lease.getSpec()).orElseGet(LeaseSpec::new);
    return new LeaderElectionRecord(
        spec.getHolderIdentity(),
        Duration.ofSeconds(Optional.ofNullable(spec.getLeaseDurationSeconds()).orElse(1)),
        Optional.ofNullable(spec.getAcquireTime()).orElse(LONG_PAST),
        Optional.ofNullable(spec.getRenewTime()).orElse(LONG_PAST),
        Optional.ofNullable(spec.getLeaseTransitions()).orElse(0));
  }
}

package ai.proompteng.jangar.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads while a Lease is its own. Each term has an elector and an identity of its own; a watchdog
 * ends the term when a renewal is overdue, also while a call hangs; then the next term is sought.
 */
public final class ElectedLeader implements Leader {
  private static final Logger LOG = LoggerFactory.getLogger(ElectedLeader.class);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(2);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(12);

  // the elector counts its deadline by the wall clock: the watchdog counts instead of it
  private static final Duration NEVER = Duration.ofDays(36_500);

  // the elector waits 1.0 to 2.2 of what it is told while it seeks: so it waits a period at the
  // most
  private static final double LONGEST_JITTER = 2.2;

  /**
   * The Lease, and its times: retry below renew deadline below duration.
   *
   * @param duration how long a holder may be silent before another takes it
   * @param renewDeadline how long a term goes on without a renewal that succeeds
   * @param retryPeriod how often it is renewed, and the longest wait between two looks at it
   */
  public record Terms(
      String namespace,
      String name,
      Duration duration,
      Duration renewDeadline,
      Duration retryPeriod) {
    public Terms {
      if (retryPeriod.compareTo(renewDeadline) >= 0 || renewDeadline.compareTo(duration) >= 0) {
        throw new IllegalArgumentException(
            "the retry period must be below the renew deadline, and that below the lease duration");
      }
    }

    /** A call that hangs leaves time for another. */
    Duration longestCall() {
      var half = renewDeadline.dividedBy(2);
      return half.compareTo(LONGEST_CALL) < 0 ? half : LONGEST_CALL;
    }
  }

  /** A kind of call that fails at present. */
  private record Trouble(String verb, String message) {}

  private final Terms terms;
  private final Supplier<String> identities;
  private final KubernetesClient client;
  private final Clock clock;
  private final LongSupplier nanos;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Calls calls = new Calls();
  private final ExecutorService electing = Executors.newSingleThreadExecutor(named("elect"));
  private final ExecutorService telling = Executors.newSingleThreadExecutor(named("terms"));
  private final ScheduledExecutorService watchdog =
      Executors.newSingleThreadScheduledExecutor(named("watchdog"));

  private volatile Term term;
  private volatile Instant lastTransition;
  private volatile boolean closed;
  // these are of the telling thread alone
  private LeaderElector elector;
  private CompletableFuture<?> election;
  private boolean told;

  /**
   * Seeks nothing yet.
   *
   * @param config of the API server; the calls about the Lease have a client of their own
   * @param identities a new one for each term
   * @param nanos a time that only goes forward, as {@link System#nanoTime}
   */
  public ElectedLeader(
      Terms terms, Config config, Supplier<String> identities, Clock clock, LongSupplier nanos) {
    this.terms = terms;
    this.identities = identities;
    this.client = ClusterClients.open(config, terms.longestCall());
    this.clock = clock;
    this.nanos = nanos;
  }

  @Override
  public boolean leads() {
    var now = term;
    return now != null && now.leads();
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void start() {
    calls.calling();
    later(this::seek);
  }

  @Override
  public Facts facts() {
    return new Facts(
        true,
        true,
        leads(),
        terms.name(),
        terms.namespace(),
        Optional.ofNullable(term).map(Term::identity),
        calls.seen().holder(),
        Optional.ofNullable(lastTransition),
        Optional.ofNullable(calls.attempted),
        Optional.ofNullable(calls.succeeded),
        Optional.ofNullable(calls.trouble).map(Trouble::message));
  }

  @Override
  public boolean beats() {
    var last = calls.beat;
    var bound = terms.duration().plus(LONGEST_STOP);
    return closed || last == null || nanos.getAsLong() - last < bound.toNanos();
  }

  /** Returns once the listeners have stopped and the Lease is given back, or 12 s later. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      telling.submit(this::retire).get(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn().setCause(e).log("The lead is not given back; it ends with its Lease");
    }
    List.of(telling, electing, watchdog).forEach(ExecutorService::shutdownNow);
    client.close();
  }

  private void seek() {
    if (closed) {
      return;
    }
    var next = new Term(identities.get(), terms.renewDeadline(), nanos);
    var lock =
        new LeaderLock(terms.namespace(), terms.name(), terms.duration(), next, calls, nanos);
    var callbacks = new LeaderCallbacks(() -> won(next), () -> lost(next), any -> {});
    term = next;
    elector =
        new LeaderElector(
            client,
            new LeaderElectionConfig(
                lock, terms.duration(), NEVER, terms.retryPeriod(), callbacks, false, "jangar") {
              @Override
              public Duration getRetryPeriod() {
                return next.leads() ? super.getRetryPeriod() : seekingPeriod();
              }
            },
            electing);
    election = elector.start();
    election.whenComplete((any, failure) -> lost(next));
  }

  private Duration seekingPeriod() {
    return Duration.ofMillis(Math.round(terms.retryPeriod().toMillis() / LONGEST_JITTER));
  }

  // in the elector's thread, as lost() may be: it must not wait there
  private void won(Term now) {
    later(
        () -> {
          if (now.leads()) {
            lastTransition = clock.instant();
            LOG.atInfo().addKeyValue("identity", now.identity()).log("This process leads");
            tell(true);
          }
        });
    watch(now);
  }

  private void watch(Term now) {
    try {
      watchdog.schedule(
          () -> {
            if (now.over()) {
              lost(now);
            } else {
              watch(now);
            }
          },
          now.left().toNanos(),
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("Stopped: the term is over");
    }
  }

  private void lost(Term now) {
    if (now.end()) {
      later(
          () -> {
            over(now);
            watchdog.schedule(
                () -> later(this::seek), terms.retryPeriod().toMillis(), TimeUnit.MILLISECONDS);
          });
    }
  }

  private void retire() {
    var now = term;
    if (now == null) {
      return;
    }
    now.retire(); // it is renewed while what is under way ends
    tell(false);
    now.end();
    over(now);
  }

  /** What was begun ends first, then whoever wants the Lease may have it. */
  private void over(Term now) {
    if (told) {
      lastTransition = clock.instant();
      LOG.atInfo().addKeyValue("identity", now.identity()).log("This process leads no more");
    }
    tell(false);
    election.cancel(true);
    if (calls.seen().heldBy(now.identity())) {
      try {
        elector.release();
      } catch (RuntimeException e) {
        LOG.atDebug().setCause(e).log("The Lease is not given back; it runs out");
      }
    }
  }

  private void tell(boolean now) {
    if (told == now) {
      return;
    }
    told = now;
    for (var listener : listeners) {
      try {
        listener.leads(now);
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("What hangs on the lead did not begin or end");
      }
    }
  }

  private void later(Runnable what) {
    try {
      telling.execute(what);
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("Stopped: nobody is to be told");
    }
  }

  private static ThreadFactory named(String what) {
    return task -> {
      var thread = new Thread(task, "jangar-leader-" + what);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** What outlives the terms. */
  private final class Calls implements LeaderLock.Watch {
    private volatile SeenLease seen = SeenLease.NEVER;
    private volatile Long beat;
    private volatile Instant attempted;
    private volatile Instant succeeded;
    private volatile Trouble trouble;

    @Override
    public SeenLease seen() {
      return seen;
    }

    @Override
    public void look(LeaderElectionRecord record) {
      seen = seen.look(record, nanos.getAsLong());
    }

    @Override
    public void calling() {
      beat = nanos.getAsLong();
      attempted = clock.instant();
    }

    @Override
    public void answered(String verb) {
      succeeded = clock.instant();
      if (trouble != null && trouble.verb().equals(verb)) {
        trouble = null;
      }
    }

    @Override
    public void failed(String verb, RuntimeException why) {
      var message = Objects.toString(why.getMessage(), why.getClass().getSimpleName());
      if (trouble == null || !trouble.verb().equals(verb)) {
        LOG.atWarn()
            .addKeyValue("lease", terms.namespace() + "/" + terms.name())
            .addKeyValue("call", verb)
            .addKeyValue("reason", message)
            .log("A call about the Lease failed; asking again");
      }
      trouble = new Trouble(verb, message);
    }
  }
}

package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.runtime.RunnerVerdict;
import ai.proompteng.jangar.runtime.RuntimeAdapter;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.runtime.RuntimeState;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.runtime.RuntimeState.Working;
import ai.proompteng.jangar.store.Claims;
import ai.proompteng.jangar.store.IdempotencyKeys;
import ai.proompteng.jangar.store.Journal;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds a run's work: who holds its key, what is kept of it, who hears that it is over.
 */
public final class RunAftermath {
  /** How long an end may wait for the log of a node that does not answer. */
  private static final Duration LOG_PATIENCE = Duration.ofSeconds(60);

  private static final String DELETED = "Deleted";

  private final Cluster cluster;
  private final RuntimeAdapter runtime;
  private final Journal journal;
  private final Claims claims;
  private final IdempotencyKeys keys;
  private final Events events;
  private final RunTelemetry telemetry;
  private final RunOptions options;
  private final Clock clock;

  public RunAftermath(
      Cluster cluster,
      RuntimeAdapter runtime,
      Journal journal,
      Claims claims,
      IdempotencyKeys keys,
      Events events,
      RunTelemetry telemetry,
      RunOptions options,
      Clock clock) {
    this.cluster = cluster;
    this.runtime = runtime;
    this.journal = journal;
    this.claims = claims;
    this.keys = keys;
    this.events = events;
    this.telemetry = telemetry;
    this.options = options;
    this.clock = clock;
  }

  /** Who holds the key after this run has asked for it; the key of a run that is gone is free. */
  RunView.KeyHolder keyHolder(RunView view, String key) {
    var meta = view.meta();
    var agent = view.spec().agentRef() == null ? "" : view.spec().agentRef().name();
    var owner = keys.claim(meta.namespace(), agent, key, meta.name(), meta.uid());
    if (!owner.runUid().equals(meta.uid()) && gone(meta.namespace(), owner)) {
      if (!keys.takeOver(meta.namespace(), agent, key, owner, meta.name(), meta.uid())) {
        throw new Unreachable("Somebody else has taken the key over: ask again");
      }
      return new RunView.KeyHolder(meta.name(), meta.uid(), false);
    }
    return new RunView.KeyHolder(owner.runName(), owner.runUid(), owner.terminalPhase() != null);
  }

  private boolean gone(String namespace, IdempotencyKeys.Owner owner) {
    var key = new Key(namespace, owner.runName());
    return cluster
        .cached(Kind.AGENT_RUN, key)
        .or(() -> cluster.read(Kind.AGENT_RUN, key))
        .filter(run -> owner.runUid().equals(run.metadata().uid()))
        .isEmpty();
  }

  /**
   * Keeps what the runner said before the runtime is done with it; when the runtime has lost it,
   * the run ends as the runner said (agentrun.md 4.8).
   */
  RuntimeState remembered(RunView view, RuntimeState state) {
    var uid = view.meta().uid();
    if (state instanceof Working working && working.runner() != null) {
      journal.keepRunner(uid, working.runner());
    }
    return state instanceof Ended ended && Reason.JobMissing.name().equals(ended.reason())
        ? journal
            .runner(uid)
            .<RuntimeState>map(runner -> RunnerVerdict.of(runner, ended.finishedAt()))
            .orElse(state)
        : state;
  }

  /**
   * Keeps the end of the log, before its pod can go (decision 39).
   *
   * @return the end, with what the log hints at
   */
  Ended harvest(RunView view, RuntimeRef ref, Ended ended) {
    var log = log(ref, ended);
    log.ifPresent(kept -> journal.keepLog(view.meta().uid(), kept));
    return log.map(kept -> LogHint.over(ended, kept)).orElse(ended);
  }

  /** Keeps the end of the log as it is now, if there is one to be had. */
  void keepLog(RunView view, RuntimeRef ref) {
    log(ref).ifPresent(kept -> journal.keepLog(view.meta().uid(), kept));
  }

  private Optional<String> log(RuntimeRef ref) {
    try {
      return runtime.log(ref, options.logBytes());
    } catch (Unreachable | Rejected e) {
      return Optional.empty(); // what is to stop does not wait for its log
    }
  }

  /** What the runner said of that end, or else what it was last known to have said. */
  Map<String, Object> words(RunView view, Ended ended) {
    return ended == null || ended.runner() == null
        ? journal.runner(view.meta().uid()).orElse(null)
        : ended.runner();
  }

  private Optional<String> log(RuntimeRef ref, Ended ended) {
    try {
      return runtime.log(ref, options.logBytes());
    } catch (Unreachable e) {
      // work that vanished has no end to count from: its node is not waited for
      var since = ended.finishedAt();
      if (since != null && clock.instant().isBefore(since.plus(LOG_PATIENCE))) {
        throw e;
      }
      return Optional.empty(); // a node that is gone must not hold an outcome back
    } catch (Rejected e) {
      return Optional.empty(); // there never was a log: the container did not start
    }
  }

  /** The run is final: its slot is free, and its key stays spent. */
  void settle(RunView view, Optional<RuntimeRef> late) {
    late.ifPresent(runtime::discard);
    var meta = view.meta();
    claims.release(meta.namespace(), meta.name(), meta.uid());
    keys.finished(meta.uid(), view.run().status().phase());
  }

  /**
   * The run is being deleted: nothing of it stays. Trouble is retried until the cleanup has had its
   * time; then the run may go all the same, and an Event says so.
   */
  void clear(RunView view, Optional<RuntimeRef> work) {
    var meta = view.meta();
    try {
      work.ifPresent(runtime::discard);
      journal.deleted(meta.uid());
      claims.release(meta.namespace(), meta.name(), meta.uid());
      keys.finished(meta.uid(), DELETED); // a key whose run is gone goes after its time, too
    } catch (Unreachable | Rejected e) {
      if (clock.instant().isBefore(meta.deletionTimestamp().plus(options.cleanupTimeout()))) {
        throw e;
      }
      events.warning(Kind.AGENT_RUN, meta, "CleanupIncomplete", e.getMessage());
      telemetry.cleanupFailed(view, e);
    }
  }
}

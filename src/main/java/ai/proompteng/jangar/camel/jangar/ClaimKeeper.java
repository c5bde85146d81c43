package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Bell;
import ai.proompteng.jangar.store.Claim;
import ai.proompteng.jangar.store.WorkItemRuns;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what a crash has left: creates the runs of claims that have none, among them each one
 * next whose turn has come, and frees the slots of runs that are gone (decision 45).
 */
final class ClaimKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimKeeper.class);
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);
  private static final int PAGE = 200;
  private static final long START_SECONDS = 5;
  private static final long SWEEP_SECONDS = 15;
  private static final int UNANSWERED_A_PASS = 3;

  private final WorkItemRuns claims;
  private final RunCreator creator;
  private final Cluster cluster;
  private final Bell bell;
  private final BooleanSupplier leads;
  private final AtomicBoolean woken = new AtomicBoolean();
  private Runnable unlisten = () -> {};
  private ScheduledExecutorService thread;

  /**
   * @param bell null: only the clock wakes it
   * @param leads false while another process does this
   */
  ClaimKeeper(
      WorkItemRuns claims, RunCreator creator, Cluster cluster, Bell bell, BooleanSupplier leads) {
    this.claims = claims;
    this.creator = creator;
    this.cluster = cluster;
    this.bell = bell;
    this.leads = leads;
  }

  void start(ScheduledExecutorService executor) {
    thread = executor;
    thread.scheduleWithFixedDelay(this::startAll, 1, START_SECONDS, TimeUnit.SECONDS);
    thread.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    if (bell != null) {
      unlisten = bell.on(Bell.Channel.CLAIMS, this::wake);
    }
  }

  /** The executor, for whoever gave it to shut it down. */
  ScheduledExecutorService stop() {
    unlisten.run();
    return thread;
  }

  /** Creates the runs that are still to be created. */
  void startAll() {
    woken.set(false);
    if (!leads.getAsBoolean()) {
      return;
    }
    try {
      int unanswered = 0;
      for (var id : claims.unstarted(PAGE)) {
        unanswered += startOne(id) ? 0 : 1;
        if (unanswered == UNANSWERED_A_PASS) {
          return; // nobody is there; one alone would not hold back the others
        }
      }
    } catch (Unreachable e) {
      LOG.atDebug().setCause(e).log("Claims cannot be started now");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Claims cannot be started");
    }
  }

  /**
   * Frees the slots whose run is final or gone. A cache that lacks it is only the reason to ask.
   */
  void sweep() {
    if (!leads.getAsBoolean() || !cluster.synced(RUNS)) {
      return;
    }
    try {
      UUID after = null;
      do {
        var page = claims.running(after, PAGE);
        page.stream().filter(this::gone).forEach(this::release);
        after = page.size() < PAGE ? null : page.get(page.size() - 1).id();
      } while (after != null);
    } catch (Unreachable e) {
      LOG.atDebug().setCause(e).log("Claims cannot be looked through now");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Claims cannot be looked through");
    }
  }

  private void wake() {
    // one pass takes all, so one waiting pass is enough
    if (woken.compareAndSet(false, true)) {
      thread.execute(this::startAll);
    }
  }

  /** False when nobody answered. */
  private boolean startOne(UUID id) {
    try {
      claims.start(id, creator::create);
      return true;
    } catch (Unreachable e) {
      LOG.atDebug().addKeyValue("claim", id).setCause(e).log("A claim cannot be started now");
      return false;
    } catch (Rejected e) {
      LOG.atWarn()
          .addKeyValue("claim", id)
          .addKeyValue("reason", e.reason())
          .addKeyValue("cause", e.getMessage())
          .log("A run that was asked for cannot be created");
      return true;
    } catch (RuntimeException e) { // one claim holds no other back
      LOG.atError().addKeyValue("claim", id).setCause(e).log("A claim cannot be started");
      return true;
    }
  }

  private boolean gone(Claim claim) {
    var key = new Key(claim.request().namespace(), claim.runName());
    if (!cluster.namespaces().contains(key.namespace())) {
      return false; // another process looks after it
    }
    var cached = cluster.cached(RUNS, key);
    return has(claim, cached) ? isFinal(cached.get()) : !has(claim, cluster.read(RUNS, key));
  }

  private static boolean isFinal(GenericKubernetesResource run) {
    return Phase.of(run.get("status", "phase")).filter(Phase::isFinal).isPresent();
  }

  private static boolean has(Claim claim, Optional<GenericKubernetesResource> run) {
    return run.map(there -> there.getMetadata().getUid())
        .filter(claim.runUid()::equals)
        .isPresent();
  }

  private void release(Claim claim) {
    LOG.atInfo()
        .addKeyValue("run", claim.runName())
        .addKeyValue("agentRun.uid", claim.runUid())
        .log("A run is over or gone; its slot is free");
    claims.release(claim.request().namespace(), claim.runName(), claim.runUid());
  }
}

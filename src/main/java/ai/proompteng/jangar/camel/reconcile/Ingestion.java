package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether runs are reached (agentrun.md 2.11): by namespace, which active runs no pass has touched,
 * since when, and what that says of the health. A resync finds them and rings them again.
 */
public final class Ingestion {
  private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);
  private static final int CLEAN_RESYNCS = 2;
  private static final String HEALTHY = "healthy";
  private static final String DEGRADED = "degraded";
  private static final String STANDBY = "standby";

  /**
   * A namespace's.
   *
   * @param status {@code healthy}, {@code degraded}, or {@code standby} while another process leads
   * @param message what is wrong; empty when nothing is
   * @param lastWatchEventAt null for none since the start
   * @param lastResyncAt null for none since the start
   * @param untouched active runs that no pass has reached
   * @param oldestSeconds how long the oldest of them has waited
   */
  public record Report(
      String namespace,
      String status,
      String message,
      Instant lastWatchEventAt,
      Instant lastResyncAt,
      int untouched,
      double oldestSeconds) {}

  private static final class State {
    private final Map<String, Instant> untouched = new HashMap<>();
    private Instant heard;
    private Instant resynced;
    private int clean = CLEAN_RESYNCS;
    private boolean running;
    private String message = "";
  }

  private final Map<String, State> states = new LinkedHashMap<>();
  private final Duration warnAfter;
  private final Meters meters;
  private final Clock clock;

  /**
   * @param namespaces that are watched
   * @param warnAfter how long a run may go untouched
   */
  public Ingestion(List<String> namespaces, Duration warnAfter, Meters meters, Clock clock) {
    this.warnAfter = warnAfter;
    this.meters = meters;
    this.clock = clock;
    for (var namespace : namespaces) {
      states.put(namespace, new State());
      meters.expect(Measure.RESYNC_ADOPTIONS, namespace);
      meters.gauge(Measure.UNTOUCHED, () -> report(namespace).untouched(), namespace);
      meters.gauge(
          Measure.UNTOUCHED_OLDEST_AGE, () -> report(namespace).oldestSeconds(), namespace);
    }
  }

  /** The API server has told of a run. */
  synchronized void heard(String namespace) {
    var state = states.get(namespace);
    if (state != null) {
      state.heard = clock.instant();
    }
  }

  /** From now on this process rings runs; or no more. */
  synchronized void running(boolean running) {
    for (var state : states.values()) {
      state.running = running;
      state.clean = CLEAN_RESYNCS;
      state.untouched.clear();
      state.message = "";
    }
  }

  /** A resync has seen these runs, all that are active, of that namespace. */
  synchronized void resynced(String namespace, List<GenericKubernetesResource> open) {
    var state = states.get(namespace);
    if (state == null) {
      return;
    }
    var now = clock.instant();
    var found = new HashMap<String, Instant>();
    for (var run : open) {
      if (isUntouched(run)) {
        var uid = String.valueOf(run.getMetadata().getUid());
        found.put(uid, Optional.ofNullable(state.untouched.get(uid)).orElse(since(run, now)));
        meters.count(Measure.RESYNC_ADOPTIONS, namespace);
      }
    }
    state.untouched.clear();
    state.untouched.putAll(found);
    state.resynced = now;
    judge(namespace, state, now);
  }

  /** What is known of each namespace. */
  public synchronized List<Report> reports() {
    return states.keySet().stream().map(this::report).toList();
  }

  private synchronized Report report(String namespace) {
    var state = states.get(namespace);
    var status = !state.running ? STANDBY : state.clean < CLEAN_RESYNCS ? DEGRADED : HEALTHY;
    return new Report(
        namespace,
        status,
        state.message,
        state.heard,
        state.resynced,
        state.untouched.size(),
        oldest(state, clock.instant()));
  }

  private void judge(String namespace, State state, Instant now) {
    boolean unheard = !state.untouched.isEmpty() && state.heard == null;
    boolean old = oldest(state, now) * 1000 >= warnAfter.toMillis();
    if (!old && !unheard) {
      state.clean = Math.min(CLEAN_RESYNCS, state.clean + 1);
      state.message = state.clean < CLEAN_RESYNCS ? state.message : "";
      return;
    }
    var message =
        unheard
            ? "runs are there, and no watch has ever told of one"
            : "runs have waited for longer than "
                + warnAfter.toSeconds()
                + " s for their first pass";
    if (state.clean > 0) {
      LOG.atWarn()
          .addKeyValue("event", "agentrun_resync_untouched")
          .addKeyValue("namespace", namespace)
          .addKeyValue("untouched", state.untouched.size())
          .addKeyValue("reason", message)
          .log("Runs are not reached; they are rung again");
    }
    state.clean = 0;
    state.message = message;
  }

  private static double oldest(State state, Instant now) {
    return state.untouched.values().stream()
        .mapToDouble(since -> Math.max(0, Duration.between(since, now).toMillis() / 1000.0))
        .max()
        .orElse(0);
  }

  /** True for an active run that no pass has reached, or none since its spec was changed. */
  static boolean isUntouched(GenericKubernetesResource run) {
    var meta = run.getMetadata();
    var status = Untyped.field(run.getAdditionalProperties(), "status");
    if (meta.getDeletionTimestamp() != null
        || Untyped.isFinal(run)
        || Phase.Template.name().equals(status.get("phase"))) {
      return false;
    }
    return !(status.get("phase") instanceof String)
        || !(status.get("observedGeneration") instanceof Number observed)
        || meta.getGeneration() != null && observed.longValue() != meta.getGeneration()
        || !meta.getFinalizers().contains(WellKnown.RUNTIME_CLEANUP);
  }

  /** One without any status has been so since it was made; of others nobody knows. */
  private static Instant since(GenericKubernetesResource run, Instant now) {
    var status = Untyped.field(run.getAdditionalProperties(), "status");
    try {
      return status.get("phase") == null && run.getMetadata().getCreationTimestamp() != null
          ? OffsetDateTime.parse(run.getMetadata().getCreationTimestamp()).toInstant()
          : now;
    } catch (DateTimeException e) {
      return now;
    }
  }
}

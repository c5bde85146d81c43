package ai.proompteng.jangar.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code Ready}, {@code Progressing} and {@code Degraded}, derived from the phase and the other
 * conditions by one rule for all kinds (orchestration-and-api.md 0.4, agentrun.md 2.3).
 */
public final class StandardConditions {
  public static final String READY = "Ready";
  public static final String PROGRESSING = "Progressing";
  public static final String DEGRADED = "Degraded";
  public static final String INVALID_SPEC = "InvalidSpec";
  public static final String UNREACHABLE = "Unreachable";

  private enum Trend {
    FAILING(Reason.Degraded, "False", "False", "True"),
    MOVING(Reason.Progressing, "False", "True", "False"),
    DONE(Reason.Ready, "True", "False", "False"),
    NOT_READY(Reason.NotReady, "False", "False", "True"),
    NEUTRAL(Reason.Reconciled, "Unknown", "Unknown", "Unknown");

    private final Reason fallback;
    private final Map<String, String> statuses;

    Trend(Reason fallback, String ready, String progressing, String degraded) {
      this.fallback = fallback;
      this.statuses = Map.of(READY, ready, PROGRESSING, progressing, DEGRADED, degraded);
    }
  }

  private static final Map<String, Trend> PHASES =
      Map.ofEntries(
          Map.entry("failed", Trend.FAILING),
          Map.entry("invalid", Trend.FAILING),
          Map.entry("cancelled", Trend.FAILING),
          Map.entry("error", Trend.FAILING),
          Map.entry("pending", Trend.MOVING),
          Map.entry("running", Trend.MOVING),
          Map.entry("progressing", Trend.MOVING),
          Map.entry("inprogress", Trend.MOVING),
          Map.entry("queued", Trend.MOVING),
          Map.entry("ready", Trend.DONE),
          Map.entry("active", Trend.DONE),
          Map.entry("succeeded", Trend.DONE),
          Map.entry("success", Trend.DONE),
          Map.entry("completed", Trend.DONE));

  private static final List<String> FAILURES =
      List.of("Failed", INVALID_SPEC, UNREACHABLE, "Cancelled");
  private static final List<String> MOVEMENTS = List.of("Running", "InProgress", PROGRESSING);
  private static final List<String> SUCCESSES = List.of(READY, "Succeeded", "Completed");

  private StandardConditions() {}

  /**
   * What was said, with the three standard conditions. The phase wins; without one, or with one
   * that says nothing, the conditions that are True decide. A {@code Degraded} that was said stays;
   * so does a {@code Ready} or {@code Progressing} that was said with the derived status.
   *
   * @param phaseOrNull the phase, in any case
   * @param said what the reconciler says in this pass: never the conditions of the old status, for
   *     an old {@code Degraded} would stay for ever
   * @return all of them, sorted by type; transition times as they were given
   */
  public static List<Condition> derive(String phaseOrNull, Collection<Condition> said) {
    var trend = trend(phaseOrNull, said);
    var cause = cause(trend, said);
    var reason = cause.map(Condition::reason).orElse(trend.fallback.name());
    var message = cause.map(Condition::message).orElse("");
    var all = new TreeMap<String, Condition>();
    said.forEach(condition -> all.put(condition.type(), condition));
    trend.statuses.forEach(
        (type, status) -> {
          var own = all.get(type);
          if (own == null || !type.equals(DEGRADED) && !own.status().equals(status)) {
            all.put(type, new Condition(type, status, reason, message, null));
          }
        });
    return List.copyOf(new ArrayList<>(all.values()));
  }

  private static Trend trend(String phase, Collection<Condition> said) {
    var byPhase = phase == null ? null : PHASES.get(phase.toLowerCase(Locale.ROOT));
    if (byPhase != null) {
      return byPhase;
    }
    if (first(FAILURES, said).isPresent()) {
      return Trend.FAILING;
    }
    if (first(MOVEMENTS, said).isPresent()) {
      return Trend.MOVING;
    }
    if (first(SUCCESSES, said).isPresent()) {
      return Trend.DONE;
    }
    return Conditions.find(said, READY).filter(ready -> ready.status().equals("False")).isPresent()
        ? Trend.NOT_READY
        : Trend.NEUTRAL;
  }

  private static Optional<Condition> cause(Trend trend, Collection<Condition> said) {
    return switch (trend) {
      case FAILING -> first(FAILURES, said);
      case MOVING -> first(MOVEMENTS, said);
      case DONE -> first(SUCCESSES, said);
      case NOT_READY -> Conditions.find(said, READY);
      case NEUTRAL -> Optional.empty();
    };
  }

  private static Optional<Condition> first(List<String> types, Collection<Condition> said) {
    return types.stream()
        .flatMap(type -> Conditions.find(said, type).stream())
        .filter(Condition::holds)
        .findFirst();
  }
}

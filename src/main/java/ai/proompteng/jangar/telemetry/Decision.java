package ai.proompteng.jangar.telemetry;

import java.util.Locale;
import org.slf4j.event.Level;

/** What a pass over a run has decided, as its log line names it (agentrun.md appendix C). */
public enum Decision {
  RECONCILE_STARTED(Level.DEBUG, "A pass over a run begins"),
  RECONCILE_BLOCKED(Level.INFO, "A run waits"),
  RECONCILE_INVALID_SPEC(Level.WARN, "A run may not start"),
  RECONCILE_SUBMITTED(Level.INFO, "A run was handed to its runtime"),
  RECONCILE_SUBMIT_FAILED(Level.WARN, "A run could not be handed to its runtime"),
  RECONCILE_TERMINAL(Level.INFO, "A run has ended"),
  RECONCILE_RUNTIME_ORPHANED(Level.WARN, "A run's work is gone from its runtime"),
  RECONCILE_RUNTIME_CONFIG_MISSING(Level.WARN, "A run's runtime lacks what it needs"),
  RUNTIME_CLEANUP_FAILED(Level.WARN, "What a run left could not be removed");

  private final Level level;
  private final String message;

  Decision(Level level, String message) {
    this.level = level;
    this.message = message;
  }

  /** The word of the field {@link LogKeys#DECISION}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Level level() {
    return level;
  }

  public String message() {
    return message;
  }
}

package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of runs, written before their status says so: one transaction for the run's row, its
 * audit row and its events, so that a crash loses none and a repetition adds none.
 */
public interface Journal {

  /**
   * A phase that begins.
   *
   * @param from the phase before; empty for the first
   * @param to the phase now
   */
  record PhaseChange(String from, String to, String reason, String message) {}

  /**
   * Stores the run's row (by uid; a final status is never taken back); for a phase change the audit
   * row {@code agent_run.<phase>}, once per uid and phase; and each event, once per key and
   * subscription.
   *
   * @throws ai.proompteng.jangar.core.Unreachable when the database does not answer: the caller's
   *     status write waits
   */
  void record(RunRecord run, Optional<PhaseChange> change, List<Event> events);

  /** Marks the row of a run that is gone: its status stays, {@code payload.deletedAt} is set. */
  void deleted(String resourceUid);

  /** Keeps the last part of a run's log. A later one takes its place, unless it is empty. */
  void keepLog(String resourceUid, String log);

  /**
   * Keeps what a run's runner said at its end in {@code payload.runner}, so that it counts though
   * the runtime loses it. The same again costs nothing.
   */
  void keepRunner(String resourceUid, Map<String, Object> runner);

  /** What was kept of the runner; empty when it said nothing. */
  Optional<Map<String, Object>> runner(String resourceUid);

  /**
   * One {@code policy.allowed} or {@code policy.denied} row, once per subject and outcome.
   *
   * @return true when this was the first time
   */
  boolean decided(String runUid, boolean allowed, String reason, String message);
}

package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.store.Journal;
import ai.proompteng.jangar.store.RunRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A journal in memory: once per key, as the real one, and away on request. */
public final class FakeJournal implements Journal {
  private final Map<String, RunRecord> rows = new LinkedHashMap<>();
  private final Set<String> changes = new LinkedHashSet<>();
  private final Map<String, Event> events = new LinkedHashMap<>();
  private final Map<String, String> logs = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> runners = new LinkedHashMap<>();
  private final List<String> deleted = new ArrayList<>();
  private final Set<String> decided = new LinkedHashSet<>();
  private boolean away;

  /** From now on it does not answer, or it does again. */
  public void away(boolean isAway) {
    away = isAway;
  }

  /** The newest row of each run, by uid. */
  public Map<String, RunRecord> rows() {
    return rows;
  }

  /** {@code <from>-><to>} of each phase change, once. */
  public List<String> changes() {
    return List.copyOf(changes);
  }

  /** Each event once, in order. */
  public List<Event> events() {
    return List.copyOf(events.values());
  }

  public Map<String, String> logs() {
    return logs;
  }

  public List<String> deletedRuns() {
    return deleted;
  }

  @Override
  public void record(RunRecord run, Optional<PhaseChange> change, List<Event> happened) {
    answer();
    rows.put(run.resourceUid(), run);
    change.ifPresent(to -> changes.add(to.from() + "->" + to.to()));
    happened.forEach(event -> events.putIfAbsent(event.type() + event.key(), event));
  }

  @Override
  public void deleted(String resourceUid) {
    answer();
    deleted.add(resourceUid);
  }

  @Override
  public void keepLog(String resourceUid, String log) {
    answer();
    logs.put(resourceUid, log);
  }

  @Override
  public void keepRunner(String resourceUid, Map<String, Object> runner) {
    answer();
    runners.put(resourceUid, runner);
  }

  @Override
  public Optional<Map<String, Object>> runner(String resourceUid) {
    answer();
    return Optional.ofNullable(runners.get(resourceUid));
  }

  @Override
  public boolean decided(String runUid, boolean allowed, String reason, String message) {
    answer();
    return decided.add(runUid + "/" + allowed);
  }

  private void answer() {
    if (away) {
      throw new Unreachable("the database is away");
    }
  }
}

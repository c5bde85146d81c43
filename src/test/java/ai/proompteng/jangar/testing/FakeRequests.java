package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.store.Requests;
import ai.proompteng.jangar.store.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What requests have written, in memory, and away on request. */
public final class FakeRequests implements Requests {
  private final Map<String, RunRecord> rows = new LinkedHashMap<>();
  private final List<String> written = new ArrayList<>();
  private boolean away;

  /** From now on it does not answer, or it does again. */
  public synchronized void away(boolean isAway) {
    away = isAway;
  }

  /** The rows of runs, by uid. */
  public synchronized Map<String, RunRecord> rows() {
    return Map.copyOf(rows);
  }

  /** {@code <type> <actor> <delivery id>} of each audit row. */
  public synchronized List<String> written() {
    return List.copyOf(written);
  }

  @Override
  public synchronized void decided(Asked asked, boolean allowed, Map<String, Object> details) {
    write(allowed ? "policy.allowed" : "policy.denied", asked);
  }

  @Override
  public synchronized RunRecord created(RunRecord run, Asked asked) {
    write("agent_run.created", asked);
    return rows.computeIfAbsent(
        run.resourceUid(),
        uid ->
            new RunRecord(
                UUID.randomUUID(),
                run.namespace(),
                run.agentName(),
                run.deliveryId(),
                run.provider(),
                run.status(),
                run.externalRunId(),
                uid,
                run.payload(),
                Instant.EPOCH,
                Instant.EPOCH));
  }

  @Override
  public synchronized void done(
      Asked asked,
      String entityType,
      String uid,
      String type,
      String once,
      Map<String, Object> details) {
    write(type, asked);
  }

  private void write(String type, Asked asked) {
    if (away) {
      throw new Unreachable("the database is away");
    }
    written.add(type + " " + asked.actor() + " " + asked.deliveryId());
  }
}

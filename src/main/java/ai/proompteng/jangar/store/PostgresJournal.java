package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Rows of {@code agent_runs} and {@code audit_events}, and events, in one transaction. */
public final class PostgresJournal implements Journal {
  private static final String CONTROLLER = "agents-controller";
  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final int maxLogBytes;
  private final Meters meters;

  /**
   * @param maxLogBytes how much of a log's end is kept
   * @param meters where audit rows are counted that cannot be written
   */
  public PostgresJournal(Database database, int maxLogBytes, Meters meters) {
    this.database = database;
    this.meters = meters;
    this.maxLogBytes = maxLogBytes;
  }

  @Override
  public void record(RunRecord run, Optional<PhaseChange> change, List<Event> events) {
    audited(
        connection -> {
          upsert(connection, run);
          if (change.isPresent()) {
            phaseRow(run, change.get()).insert(connection);
          }
          for (var event : events) {
            PostgresOutbox.publish(connection, event);
          }
          return null;
        });
  }

  @Override
  public void deleted(String resourceUid) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE agent_runs SET updated_at = now(),
                  payload = payload || jsonb_build_object('deletedAt', now())
                WHERE resource_uid = ? AND payload -> 'deletedAt' IS NULL""",
                resourceUid));
  }

  @Override
  public void keepLog(String resourceUid, String log) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                INSERT INTO agent_run_logs AS kept (resource_uid, log) VALUES (?, ?)
                ON CONFLICT (resource_uid) DO UPDATE SET log = EXCLUDED.log
                WHERE EXCLUDED.log <> '' AND kept.log <> EXCLUDED.log""",
                resourceUid,
                end(log, maxLogBytes)));
  }

  @Override
  public void keepRunner(String resourceUid, Map<String, Object> runner) {
    var json = Json.write(runner);
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE agent_runs SET updated_at = now(),
                  payload = payload || jsonb_build_object('runner', ?::jsonb)
                WHERE resource_uid = ? AND payload -> 'runner' IS DISTINCT FROM ?::jsonb""",
                json,
                resourceUid,
                json));
  }

  @Override
  public Optional<Map<String, Object>> runner(String resourceUid) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                "SELECT payload -> 'runner' FROM agent_runs"
                    + " WHERE resource_uid = ? AND payload -> 'runner' IS NOT NULL",
                row -> Json.readMap(row.getString(1)),
                resourceUid));
  }

  @Override
  public boolean decided(String runUid, boolean allowed, String reason, String message) {
    var outcome = allowed ? "allowed" : "denied";
    var key = runUid + "/policy/" + outcome;
    var details = new LinkedHashMap<String, Object>();
    details.put("subject", Map.of("kind", "AgentRun", "uid", runUid));
    details.put("reason", reason);
    details.put("message", message);
    var row =
        new AuditRow(
            "PolicyDecision",
            AuditRow.id(key),
            "policy." + outcome,
            key,
            Map.of("source", CONTROLLER, "details", details));
    return audited(row::insert) > 0;
  }

  /** A failure is counted: whoever relies on the audit must hear of it. */
  private <T> T audited(Database.Work<T> work) {
    try {
      return database.inTransaction(work);
    } catch (RuntimeException e) {
      meters.count(Measure.AUDIT_WRITE_FAILURES);
      throw e;
    }
  }

  private static AuditRow phaseRow(RunRecord run, PhaseChange change) {
    var details = new LinkedHashMap<String, Object>();
    details.put("agent", run.agentName());
    details.put("agentRunName", run.externalRunId());
    details.put("agentRunUid", run.resourceUid());
    details.put("provider", run.provider());
    details.put("from", change.from());
    details.put("to", change.to());
    details.put("reason", change.reason());
    details.put("message", change.message());
    var payload = new LinkedHashMap<String, Object>();
    payload.put("source", CONTROLLER);
    payload.put("deliveryId", run.deliveryId());
    payload.put("namespace", run.namespace());
    payload.put("details", details);
    return new AuditRow(
        "AgentRun",
        AuditRow.id(run.resourceUid()),
        "agent_run." + word(change.to()),
        run.resourceUid() + "/" + change.to(),
        payload);
  }

  /** The vocabulary says {@code started} of a run that is running. */
  private static String word(String phase) {
    return phase.equals("Running") ? "started" : phase.toLowerCase(Locale.ROOT);
  }

  private static void upsert(Connection connection, RunRecord run) throws SQLException {
    var before = connection.setSavepoint();
    try {
      upsert(connection, run, run.deliveryId());
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      // another run holds the key: this one goes by its uid
      connection.rollback(before);
      upsert(connection, run, run.resourceUid());
    }
  }

  private static void upsert(Connection connection, RunRecord run, String deliveryId)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO agent_runs (namespace, agent_name, delivery_id, provider, status, external_run_id,
          resource_uid, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
        ON CONFLICT (resource_uid) DO UPDATE SET status = EXCLUDED.status, updated_at = now(),
          agent_name = EXCLUDED.agent_name, provider = EXCLUDED.provider,
          payload = EXCLUDED.payload || jsonb_strip_nulls(
            jsonb_build_object('deletedAt', agent_runs.payload -> 'deletedAt',
              'runner', agent_runs.payload -> 'runner',
              'request', agent_runs.payload -> 'request'))
        WHERE agent_runs.status NOT IN ('Succeeded', 'Failed', 'Cancelled')
          OR agent_runs.status = EXCLUDED.status""",
        run.namespace(),
        run.agentName(),
        deliveryId,
        run.provider(),
        run.status(),
        run.externalRunId(),
        run.resourceUid(),
        Json.write(run.payload()));
  }

  /** The last bytes of the text, from the start of a character on. */
  private static String end(String text, int maxBytes) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    int from = Math.max(0, bytes.length - maxBytes);
    while (from > 0 && from < bytes.length && (bytes[from] & 0xC0) == 0x80) {
      from++;
    }
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }
}

package ai.proompteng.jangar.store;

import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Rows of {@code audit_events} and {@code agent_runs} that requests make. */
public final class PostgresRequests implements Requests {
  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final Meters meters;

  /**
   * @param meters where audit rows are counted that cannot be written
   */
  public PostgresRequests(Database database, Meters meters) {
    this.database = database;
    this.meters = meters;
  }

  @Override
  public void decided(Asked asked, boolean allowed, Map<String, Object> details) {
    var key =
        allowed
            ? String.join("/", asked.source(), asked.namespace(), asked.deliveryId(), "allowed")
            : null;
    var row =
        new AuditRow(
            "PolicyDecision",
            key == null ? UUID.randomUUID() : AuditRow.id(key),
            allowed ? "policy.allowed" : "policy.denied",
            key,
            payload(asked, details));
    audited(row::insert);
  }

  @Override
  public RunRecord created(RunRecord run, Asked asked) {
    return audited(
        connection -> {
          insert(connection, run);
          var stored = PostgresRunRecords.byUid(connection, run.resourceUid()).orElseThrow();
          createdRow(stored, asked).insert(connection);
          return stored;
        });
  }

  @Override
  public void done(
      Asked asked,
      String entityType,
      String uid,
      String type,
      String once,
      Map<String, Object> details) {
    audited(
        new AuditRow(entityType, AuditRow.id(uid), type, once, payload(asked, details))::insert);
  }

  private static AuditRow createdRow(RunRecord run, Asked asked) {
    var details = new LinkedHashMap<String, Object>();
    details.put("agent", run.agentName());
    details.put("agentRunId", run.id());
    details.put("agentRunName", run.externalRunId());
    details.put("agentRunUid", run.resourceUid());
    details.put("provider", run.provider());
    return new AuditRow(
        "AgentRun",
        run.id(),
        "agent_run.created",
        run.resourceUid() + "/created",
        payload(asked, details));
  }

  private static Map<String, Object> payload(Asked asked, Map<String, Object> details) {
    var payload = new LinkedHashMap<String, Object>();
    payload.put("source", asked.source());
    payload.put("actor", asked.actor());
    payload.put("requestId", asked.requestId());
    payload.put("deliveryId", asked.deliveryId());
    payload.put("namespace", asked.namespace());
    payload.put("details", details);
    return payload;
  }

  private static void insert(Connection connection, RunRecord run) throws SQLException {
    var before = connection.setSavepoint();
    try {
      insert(connection, run, run.deliveryId());
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before); // another run holds the key: this one goes by its uid
      insert(connection, run, run.resourceUid());
    }
  }

  /** The reconciler may have been quicker: then what was asked for is all that its row lacks. */
  private static void insert(Connection connection, RunRecord run, String deliveryId)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO agent_runs (namespace, agent_name, delivery_id, provider, status, external_run_id,
          resource_uid, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
        ON CONFLICT (resource_uid) DO UPDATE SET payload = agent_runs.payload
          || jsonb_build_object('request', EXCLUDED.payload -> 'request')""",
        run.namespace(),
        run.agentName(),
        deliveryId,
        run.provider(),
        run.status(),
        run.externalRunId(),
        run.resourceUid(),
        Json.write(run.payload()));
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
}

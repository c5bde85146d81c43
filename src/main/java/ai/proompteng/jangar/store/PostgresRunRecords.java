package ai.proompteng.jangar.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads {@code agent_runs} and {@code agent_run_logs}. */
public final class PostgresRunRecords implements RunRecords {
  private final Database database;

  public PostgresRunRecords(Database database) {
    this.database = database;
  }

  @Override
  public Optional<RunRecord> find(UUID id) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection, "SELECT * FROM agent_runs WHERE id = ?", PostgresRunRecords::run, id));
  }

  @Override
  public Optional<RunRecord> find(String namespace, String name) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                """
                SELECT * FROM agent_runs WHERE namespace = ? AND external_run_id = ?
                ORDER BY created_at DESC, id DESC LIMIT 1""",
                PostgresRunRecords::run,
                namespace,
                name));
  }

  @Override
  public List<RunRecord> list(Wanted wanted, int limit, Instant createdBefore, UUID idBefore) {
    var conditions = new ArrayList<String>();
    var values = new ArrayList<>();
    if (!wanted.namespaces().isEmpty()) {
      conditions.add("namespace = ANY (?)");
      values.add(wanted.namespaces());
    }
    if (wanted.agent() != null) {
      conditions.add("agent_name = ?");
      values.add(wanted.agent());
    }
    if (!wanted.statuses().isEmpty()) {
      conditions.add("status = ANY (?)");
      values.add(wanted.statuses());
    }
    if (wanted.runtime() != null) {
      conditions.add("provider = ?");
      values.add(wanted.runtime());
    }
    if (wanted.since() != null) {
      conditions.add("created_at >= ?");
      values.add(wanted.since());
    }
    if (!wanted.labels().isEmpty()) {
      conditions.add("payload #> '{resource,metadata,labels}' @> ?::jsonb");
      values.add(Json.write(wanted.labels()));
    }
    if (createdBefore != null) {
      conditions.add("(created_at, id) < (?, ?)");
      values.add(createdBefore);
      values.add(idBefore);
    }
    values.add(limit);
    var where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    return database.inTransaction(
        connection ->
            Sql.query(
                connection,
                "SELECT * FROM agent_runs" + where + " ORDER BY created_at DESC, id DESC LIMIT ?",
                PostgresRunRecords::run,
                values.toArray()));
  }

  @Override
  public Optional<String> log(String resourceUid) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                "SELECT log FROM agent_run_logs WHERE resource_uid = ?",
                row -> row.getString(1),
                resourceUid));
  }

  static Optional<RunRecord> byUid(Connection connection, String resourceUid) throws SQLException {
    return Sql.first(
        connection,
        "SELECT * FROM agent_runs WHERE resource_uid = ?",
        PostgresRunRecords::run,
        resourceUid);
  }

  private static RunRecord run(ResultSet row) throws SQLException {
    return new RunRecord(
        row.getObject("id", UUID.class),
        row.getString("namespace"),
        row.getString("agent_name"),
        row.getString("delivery_id"),
        row.getString("provider"),
        row.getString("status"),
        row.getString("external_run_id"),
        row.getString("resource_uid"),
        Json.readMap(row.getString("payload")),
        Sql.instant(row, "created_at"),
        Sql.instant(row, "updated_at"));
  }
}

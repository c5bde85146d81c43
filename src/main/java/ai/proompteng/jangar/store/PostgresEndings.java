package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** {@link Endings} out of the intake ledger, as long as its rows are kept. */
public final class PostgresEndings implements Endings {
  private final Database database;

  public PostgresEndings(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Delivery> last(WorkItem item) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                """
                SELECT id, idempotency_key, payload, attempts, received_at
                FROM implementation_source_deliveries
                WHERE namespace = ? AND provider = ? AND external_id = ?
                  AND payload ->> 'state' IN ('closed', 'deleted', 'transferred', 'out-of-scope')
                  AND (source_uid = ? OR provider <> 'custom' AND payload ->> 'state' <> 'out-of-scope')
                ORDER BY coalesce(source_version, received_at) DESC,
                  payload ->> 'state' IN ('deleted', 'transferred') DESC, received_at DESC
                LIMIT 1""",
                PostgresEndings::delivery,
                item.namespace(),
                item.provider(),
                item.externalId(),
                item.sourceUid()));
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    return new Delivery(
        row.getObject("id", UUID.class),
        null,
        row.getString("idempotency_key"),
        Json.read(row.getString("payload"), WorkItem.class),
        row.getInt("attempts"),
        Sql.instant(row, "received_at"));
  }
}

package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Key;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@link Deliveries} out of the intake ledger. */
public final class PostgresDeliveries implements Deliveries {
  private static final int TROUBLED = 1000;

  private final Database database;

  public PostgresDeliveries(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Last> last(String sourceUid) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                """
                SELECT * FROM implementation_source_deliveries
                WHERE source_uid = ? ORDER BY processed_at DESC NULLS LAST LIMIT 1""",
                PostgresDeliveries::last,
                sourceUid));
  }

  @Override
  public List<Key> troubled(Duration within) {
    return database.inTransaction(
        connection ->
            Sql.query(
                connection,
                """
                SELECT DISTINCT namespace, source_name FROM implementation_source_deliveries
                WHERE state IN ('queued', 'failed') AND error IS NOT NULL AND provider <> 'custom'
                  AND processed_at > now() - make_interval(secs => ?::float8)
                LIMIT ?""",
                row -> new Key(row.getString(1), row.getString(2)),
                within.toMillis() / 1000.0,
                TROUBLED));
  }

  private static Last last(ResultSet row) throws SQLException {
    return new Last(
        row.getString("idempotency_key"),
        row.getString("delivery_id"),
        row.getString("provider"),
        row.getString("external_id"),
        Sql.instant(row, "source_version"),
        Sql.instant(row, "received_at"),
        Sql.instant(row, "processed_at"),
        row.getInt("retries"),
        row.getString("state"),
        row.getString("error"));
  }
}

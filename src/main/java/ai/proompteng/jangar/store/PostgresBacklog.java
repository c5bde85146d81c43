package ai.proompteng.jangar.store;

import java.util.function.Supplier;

/** {@link Backlog}, in one statement, each part by an index and within a bound. */
public final class PostgresBacklog implements Supplier<Backlog> {
  /** How far it counts. */
  public static final int MOST = 10_000;

  private final Database database;

  public PostgresBacklog(Database database) {
    this.database = database;
  }

  /** Throws {@link ai.proompteng.jangar.core.Unreachable} when the database does not answer. */
  @Override
  public Backlog get() {
    return database.inTransaction(
        connection ->
            Sql.first(
                    connection,
                    """
                    SELECT
                      (SELECT count(*) FROM (SELECT FROM implementation_source_deliveries
                        WHERE state = 'queued' LIMIT ?) AS counted) AS queued,
                      coalesce((SELECT extract(epoch FROM now() - received_at)
                        FROM implementation_source_deliveries WHERE state IN ('queued', 'processing')
                        ORDER BY received_at, id LIMIT 1), 0)::float8 AS oldest,
                      coalesce((SELECT max(extract(epoch FROM now() - first.created_at))
                        FROM event_subscriptions s CROSS JOIN LATERAL (SELECT created_at FROM event_outbox e
                          WHERE e.subscription = s.subscription AND state IN ('queued', 'processing')
                          ORDER BY seq LIMIT 1) AS first), 0)::float8 AS oldest_event,
                      (SELECT count(*) FROM (SELECT FROM implementation_source_deliveries
                        WHERE state = 'failed' LIMIT ?) AS counted) AS failed,
                      (SELECT count(*) FROM (SELECT FROM event_outbox
                        WHERE state = 'dead' LIMIT ?) AS counted) AS dead""",
                    row ->
                        new Backlog(
                            row.getInt("queued"),
                            Math.max(0, row.getDouble("oldest")),
                            Math.max(0, row.getDouble("oldest_event")),
                            row.getInt("failed"),
                            row.getInt("dead")),
                    MOST + 1,
                    MOST + 1,
                    MOST + 1)
                .orElseThrow());
  }
}

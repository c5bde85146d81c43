package ai.proompteng.jangar.store;

import java.util.Optional;

/** Rows of {@code pauses}. */
public final class PostgresPauses implements Pauses {
  private static final String EVERYWHERE = "";

  private final Database database;

  public PostgresPauses(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Pause> of(String namespace) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                """
                SELECT namespace, reason, paused_by FROM pauses WHERE namespace IN (?, ?)
                ORDER BY namespace LIMIT 1""",
                row ->
                    new Pause(
                        row.getString("namespace").equals(EVERYWHERE),
                        row.getString("reason"),
                        row.getString("paused_by")),
                EVERYWHERE,
                namespace));
  }

  @Override
  public void pause(Optional<String> namespace, String reason, String by) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                INSERT INTO pauses (namespace, reason, paused_by) VALUES (?, ?, ?)
                ON CONFLICT (namespace) DO UPDATE SET reason = EXCLUDED.reason,
                  paused_by = EXCLUDED.paused_by""",
                namespace.orElse(EVERYWHERE),
                reason,
                by));
  }

  @Override
  public void resume(Optional<String> namespace) {
    database.inTransaction(
        connection -> {
          Bell.Channel.PAUSES.ring(connection);
          return Sql.update(
              connection, "DELETE FROM pauses WHERE namespace = ?", namespace.orElse(EVERYWHERE));
        });
  }
}

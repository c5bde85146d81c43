package ai.proompteng.jangar.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Table {@code agent_run_idempotency_keys}. */
public final class PostgresIdempotencyKeys implements IdempotencyKeys {
  private static final int TRIES = 3;

  private final Database database;

  public PostgresIdempotencyKeys(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Owner> owner(String namespace, String agent, String key) {
    return database.inTransaction(connection -> owner(connection, namespace, agent, key));
  }

  @Override
  public Owner claim(String namespace, String agent, String key, String runName, String runUid) {
    return database.inTransaction(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            Sql.update(
                connection,
                """
                INSERT INTO agent_run_idempotency_keys
                  (namespace, agent_name, idempotency_key, agent_run_name, agent_run_uid)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                namespace,
                agent,
                key,
                runName,
                runUid);
            var owner = owner(connection, namespace, agent, key);
            if (owner.isPresent()) {
              return owner.get();
            }
            // retention took it between the two statements
          }
          throw new SQLException("the key comes and goes", "40001");
        });
  }

  private static Optional<Owner> owner(
      Connection connection, String namespace, String agent, String key) throws SQLException {
    return Sql.first(
        connection,
        """
        SELECT agent_run_name, agent_run_uid, terminal_phase FROM agent_run_idempotency_keys
        WHERE namespace = ? AND agent_name = ? AND idempotency_key = ?""",
        row -> new Owner(row.getString(1), row.getString(2), row.getString(3)),
        namespace,
        agent,
        key);
  }

  @Override
  public boolean takeOver(
      String namespace, String agent, String key, Owner gone, String runName, String runUid) {
    return database.inTransaction(
        connection ->
            Sql.update(
                    connection,
                    """
                    UPDATE agent_run_idempotency_keys SET agent_run_name = ?, agent_run_uid = ?,
                      terminal_phase = NULL, terminal_at = NULL, updated_at = now()
                    WHERE namespace = ? AND agent_name = ? AND idempotency_key = ?
                      AND agent_run_uid = ?""",
                    runName,
                    runUid,
                    namespace,
                    agent,
                    key,
                    gone.runUid())
                == 1);
  }

  @Override
  public void finished(String runUid, String phase) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE agent_run_idempotency_keys
                SET terminal_phase = ?, terminal_at = now(), updated_at = now()
                WHERE agent_run_uid = ? AND terminal_phase IS NULL""",
                phase,
                runUid));
  }
}

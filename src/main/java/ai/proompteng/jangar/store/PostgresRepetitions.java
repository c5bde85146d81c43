package ai.proompteng.jangar.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Table {@code idempotency_requests}. */
public final class PostgresRepetitions implements Repetitions {
  private static final int TRIES = 3;

  private record Row(
      String namespace, String fingerprint, boolean done, boolean late, Answered answer) {}

  private final Database database;

  public PostgresRepetitions(Database database) {
    this.database = database;
  }

  @Override
  public Standing take(Request request, UUID owner) {
    return database.inTransaction(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            if (inserted(connection, request, owner)) {
              return new Standing.Mine();
            }
            var row = row(connection, request);
            if (row.isEmpty()) {
              if (runElsewhere(connection, request)) {
                return new Standing.Elsewhere();
              }
              continue; // it was forgotten between the two statements
            }
            var standing = standing(row.get(), request);
            if (!(standing instanceof Standing.InProgress) || !row.get().late()) {
              return standing;
            }
            if (takenOver(connection, request, owner)) {
              return new Standing.Mine();
            }
          }
          throw new SQLException("the key comes and goes", "40001");
        });
  }

  @Override
  public boolean finish(Request request, UUID owner, Answered answer) {
    return database.inTransaction(
        connection ->
            Sql.update(
                    connection,
                    """
                    UPDATE idempotency_requests SET state = 'done', status_code = ?, response = ?::json,
                      location = ?, namespaces = ?, updated_at = now(),
                      expires_at = now() + interval '24 hours'
                    WHERE namespace = ? AND route = ? AND key = ? AND owner = ?
                      AND state = 'in_progress'""",
                    answer.status(),
                    answer.body().orElse(null),
                    answer.location(),
                    answer.namespaces(),
                    request.namespace(),
                    request.route(),
                    request.key(),
                    owner)
                == 1);
  }

  @Override
  public void release(Request request, UUID owner) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                DELETE FROM idempotency_requests
                WHERE namespace = ? AND route = ? AND key = ? AND owner = ?
                  AND state = 'in_progress'""",
                request.namespace(),
                request.route(),
                request.key(),
                owner));
  }

  @Override
  public void leave(Request request, UUID owner) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE idempotency_requests SET deadline = now(), updated_at = now()
                WHERE namespace = ? AND route = ? AND key = ? AND owner = ?
                  AND state = 'in_progress'""",
                request.namespace(),
                request.route(),
                request.key(),
                owner));
  }

  private static boolean inserted(Connection connection, Request request, UUID owner)
      throws SQLException {
    return Sql.update(
            connection,
            """
            INSERT INTO idempotency_requests
              (namespace, route, key, fingerprint, principal, owner, deadline, expires_at)
            SELECT ?, ?, ?, ?, ?, ?, now() + interval '30 seconds', now() + interval '24 hours'
            WHERE NOT EXISTS (SELECT FROM agent_runs WHERE delivery_id = ? AND namespace <> ?)
            ON CONFLICT DO NOTHING""",
            request.namespace(),
            request.route(),
            request.key(),
            request.fingerprint(),
            request.principal(),
            owner,
            request.key(),
            request.namespace())
        == 1;
  }

  private static boolean takenOver(Connection connection, Request request, UUID owner)
      throws SQLException {
    return Sql.update(
            connection,
            """
            UPDATE idempotency_requests SET owner = ?, principal = ?, updated_at = now(),
              deadline = now() + interval '30 seconds'
            WHERE namespace = ? AND route = ? AND key = ? AND fingerprint = ?
              AND state = 'in_progress' AND deadline <= now()""",
            owner,
            request.principal(),
            request.namespace(),
            request.route(),
            request.key(),
            request.fingerprint())
        == 1;
  }

  private static Optional<Row> row(Connection connection, Request request) throws SQLException {
    return Sql.first(
        connection,
        "SELECT *, deadline <= now() AS late FROM idempotency_requests WHERE route = ? AND key = ?",
        PostgresRepetitions::row,
        request.route(),
        request.key());
  }

  private static boolean runElsewhere(Connection connection, Request request) throws SQLException {
    return Sql.first(
            connection,
            "SELECT FROM agent_runs WHERE delivery_id = ? AND namespace <> ?",
            row -> true,
            request.key(),
            request.namespace())
        .isPresent();
  }

  private static Row row(ResultSet row) throws SQLException {
    var namespaces = (String[]) row.getArray("namespaces").getArray();
    return new Row(
        row.getString("namespace"),
        row.getString("fingerprint"),
        row.getString("state").equals("done"),
        row.getBoolean("late"),
        new Answered(
            row.getInt("status_code"),
            Optional.ofNullable(row.getString("response")),
            row.getString("location"),
            List.copyOf(Arrays.asList(namespaces))));
  }

  private static Standing standing(Row row, Request request) {
    if (!row.namespace().equals(request.namespace())) {
      return new Standing.Elsewhere();
    }
    if (!row.fingerprint().equals(request.fingerprint())) {
      return new Standing.Reused();
    }
    return row.done() ? new Standing.Done(row.answer()) : new Standing.InProgress();
  }
}

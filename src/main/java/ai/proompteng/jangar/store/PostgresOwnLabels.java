package ai.proompteng.jangar.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** {@link OwnLabels} in table {@code own_labels}. */
public final class PostgresOwnLabels implements OwnLabels {
  private final Database database;

  public PostgresOwnLabels(Database database) {
    this.database = database;
  }

  @Override
  public void note(String namespace, String sourceId, String label) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                INSERT INTO own_labels (namespace, source_id, label) VALUES (?, ?, ?)
                ON CONFLICT DO NOTHING""",
                namespace,
                sourceId,
                label));
  }

  /** Those labels that are not Jangar's own on that item. */
  static List<String> others(
      Connection connection, String namespace, String sourceId, List<String> labels)
      throws SQLException {
    if (labels == null || labels.isEmpty() || sourceId == null) {
      return labels;
    }
    var own =
        Sql.query(
            connection,
            """
            SELECT label FROM own_labels
            WHERE namespace = ? AND source_id = ? AND label = ANY (?)""",
            row -> row.getString("label"),
            namespace,
            sourceId,
            labels);
    return labels.stream().filter(label -> !own.contains(label)).toList();
  }
}

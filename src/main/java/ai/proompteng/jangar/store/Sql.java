package ai.proompteng.jangar.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements with their values bound, never built from them. */
final class Sql {

  /** What a row becomes. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  private Sql() {}

  /** How many rows it changed. */
  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      bind(connection, statement, values);
      return statement.executeUpdate();
    }
  }

  static <T> List<T> query(Connection connection, String sql, Row<T> row, Object... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      bind(connection, statement, values);
      try (var found = statement.executeQuery()) {
        var rows = new ArrayList<T>();
        while (found.next()) {
          rows.add(row.of(found));
        }
        return rows;
      }
    }
  }

  static <T> Optional<T> first(Connection connection, String sql, Row<T> row, Object... values)
      throws SQLException {
    return query(connection, sql, row, values).stream().findFirst();
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static void bind(Connection connection, PreparedStatement statement, Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      var value = values[i];
      if (value instanceof Instant time) {
        statement.setObject(i + 1, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
      } else if (value instanceof List<?> list) {
        statement.setArray(i + 1, connection.createArrayOf("text", list.toArray()));
      } else if (value instanceof String text) {
        statement.setString(i + 1, Text.storable(text));
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }
}

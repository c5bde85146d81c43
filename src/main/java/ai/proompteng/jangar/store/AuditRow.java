package ai.proompteng.jangar.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;

/**
 * A row of {@code audit_events} (orchestration-and-api.md 4.4).
 *
 * @param dedupeKey what there is one row of, ever; null for as many as are written
 */
record AuditRow(
    String entityType, UUID entityId, String type, String dedupeKey, Map<String, Object> payload) {

  /** How many rows that made: none when it was there. */
  int insert(Connection connection) throws SQLException {
    return Sql.update(
        connection,
        """
        INSERT INTO audit_events (entity_type, entity_id, event_type, payload, dedupe_key)
        VALUES (?, ?, ?, ?::jsonb, ?) ON CONFLICT DO NOTHING""",
        entityType,
        entityId,
        type,
        Json.write(payload),
        dedupeKey);
  }

  /** A uid as the API server makes them; another word gets an id that is a function of it. */
  static UUID id(String uid) {
    try {
      return UUID.fromString(uid);
    } catch (IllegalArgumentException e) {
      return UUID.nameUUIDFromBytes(uid.getBytes(StandardCharsets.UTF_8));
    }
  }
}

package ai.proompteng.jangar.store;

import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import java.util.LinkedHashMap;

/** Rows of {@code audit_events} about requests that were denied. */
public final class PostgresDenials implements Denials {
  private final Database database;
  private final Meters meters;

  /**
   * @param meters where rows are counted that cannot be written
   */
  public PostgresDenials(Database database, Meters meters) {
    this.database = database;
    this.meters = meters;
  }

  @Override
  public void add(Denial denial) {
    var payload = new LinkedHashMap<String, Object>();
    payload.put("source", "rest");
    payload.put("actor", denial.principal());
    payload.put("details", denial.details());
    try {
      database.inTransaction(
          connection ->
              Sql.update(
                  connection,
                  """
                  INSERT INTO audit_events (entity_type, entity_id, event_type, payload)
                  VALUES ('Request', gen_random_uuid(), 'request.denied', ?::jsonb)""",
                  Json.write(payload)));
    } catch (RuntimeException e) {
      meters.count(Measure.AUDIT_WRITE_FAILURES);
      throw e;
    }
  }
}

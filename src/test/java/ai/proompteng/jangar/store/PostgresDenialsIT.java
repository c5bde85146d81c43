package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.telemetry.Meters;
import ai.proompteng.jangar.testing.TestDatabase;
import org.junit.jupiter.api.Test;

class PostgresDenialsIT {
  @Test
  void each_denial_has_its_row_with_who_and_what() {
    try (var database = TestDatabase.create()) {
      var denials = new PostgresDenials(database.database(), Meters.unseen());
      var denial =
          new Denial(
              "forbidden", "team-a", null, "POST", "/v1/" + "x".repeat(999), "10.0.0.1", "r");
      denials.add(denial);
      denials.add(denial);
      assertThat(
              database.read(
                  """
                  SELECT concat_ws(' ', entity_type, event_type, payload ->> 'source',
                    payload ->> 'actor', payload #>> '{details,reason}',
                    length(payload #>> '{details,path}')) FROM audit_events"""))
          .hasSize(2)
          .containsOnly("Request request.denied rest team-a forbidden 512");
    }
  }
}

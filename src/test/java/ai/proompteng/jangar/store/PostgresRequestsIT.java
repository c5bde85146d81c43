package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.store.Requests.Asked;
import ai.proompteng.jangar.telemetry.Meters;
import ai.proompteng.jangar.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresRequestsIT {
  private static final String UID = "5f2f6c7e-0f4c-4a5a-9d53-0d8f3c1b2a10";
  private static final Asked ASKED = new Asked("v1.agent-runs", "ann", "req", "k", "agents");

  private TestDatabase database;
  private PostgresRequests requests;
  private PostgresJournal journal;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    requests = new PostgresRequests(database.database(), Meters.unseen());
    journal = new PostgresJournal(database.database(), 16, Meters.unseen());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_run_that_is_asked_for_again_has_one_row_and_one_created() {
    var first = requests.created(run("k", UID), ASKED);
    var again = requests.created(run("k", UID), ASKED);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(
            database.read(
                "SELECT event_type || ' ' || entity_id || ' ' || (payload ->> 'actor') FROM audit_events"))
        .containsExactly("agent_run.created " + first.id() + " ann");
  }

  @Test
  void a_reconciler_that_was_quicker_keeps_its_word_and_what_was_asked_for_stays() {
    journal.record(running(), Optional.empty(), List.of());
    assertThat(requests.created(run("k", UID), ASKED).status()).isEqualTo("Running");
    journal.record(running(), Optional.empty(), List.of());
    assertThat(database.read("SELECT payload -> 'request' ->> 'a' FROM agent_runs"))
        .containsExactly("b");
  }

  @Test
  void what_was_allowed_is_written_once_and_each_denial() {
    for (int i = 0; i < 2; i++) {
      requests.decided(ASKED, true, Map.of());
      requests.decided(ASKED, false, Map.of());
    }
    assertThat(database.read("SELECT event_type FROM audit_events ORDER BY 1"))
        .containsExactly("policy.allowed", "policy.denied", "policy.denied");
  }

  private static RunRecord running() {
    var run = run("k", UID);
    return new RunRecord(
        null,
        "agents",
        "sample",
        "k",
        "job",
        "Running",
        run.externalRunId(),
        UID,
        Map.of(),
        null,
        null);
  }

  private static RunRecord run(String key, String uid) {
    return new RunRecord(
        null,
        "agents",
        "sample",
        key,
        "job",
        "Pending",
        "run",
        uid,
        Map.of("request", Map.of("a", "b")),
        null,
        null);
  }
}

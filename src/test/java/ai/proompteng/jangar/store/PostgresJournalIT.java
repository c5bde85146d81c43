package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresJournalIT {
  private static final String UID = "5f2f6c7e-0f4c-4a5a-9d53-0d8f3c1b2a10";
  private static final String OTHER = "5f2f6c7e-0f4c-4a5a-9d53-0d8f3c1b2a11";

  private TestDatabase database;
  private PostgresJournal journal;
  private PostgresRunRecords records;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    journal =
        new PostgresJournal(
            database.database(), 16, ai.proompteng.jangar.telemetry.Meters.unseen());
    records = new PostgresRunRecords(database.database());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_phase_is_told_once_however_often_it_is_written() {
    new PostgresOutbox(database.database(), PostgresOutbox.Limits.defaults(), "one")
        .register("all", List.of());
    for (int i = 0; i < 3; i++) {
      journal.record(run(UID, "key", "Running"), change("Pending", "Running"), List.of(event()));
    }
    assertThat(database.read("SELECT status FROM agent_runs")).containsExactly("Running");
    assertThat(database.read("SELECT entity_id || ' ' || event_type FROM audit_events"))
        .containsExactly(UID + " agent_run.started");
    assertThat(database.read("SELECT type FROM event_outbox")).containsExactly("run.started");
  }

  @Test
  void a_final_status_is_never_taken_back() {
    journal.record(run(UID, "key", "Succeeded"), Optional.empty(), List.of());
    journal.record(run(UID, "key", "Running"), Optional.empty(), List.of());
    assertThat(records.find("agents", "run").orElseThrow().status()).isEqualTo("Succeeded");
  }

  @Test
  void a_run_whose_key_another_holds_goes_by_its_uid() {
    journal.record(run(UID, "key", "Running"), Optional.empty(), List.of());
    journal.record(run(OTHER, "key", "Failed"), change("Pending", "Failed"), List.of());
    assertThat(database.read("SELECT delivery_id FROM agent_runs ORDER BY resource_uid"))
        .containsExactly("key", OTHER);
    assertThat(database.read("SELECT event_type FROM audit_events"))
        .containsExactly("agent_run.failed");
  }

  @Test
  void a_deleted_run_keeps_its_status_and_its_mark() {
    journal.record(run(UID, "key", "Succeeded"), Optional.empty(), List.of());
    journal.deleted(UID);
    journal.record(run(UID, "key", "Succeeded"), Optional.empty(), List.of());

    var kept = records.find("agents", "run").orElseThrow();
    assertThat(kept.status()).isEqualTo("Succeeded");
    assertThat(kept.payload()).containsKeys("resource", "deletedAt");
    assertThat(records.find(kept.id())).contains(kept);
  }

  @Test
  void what_a_runner_said_is_kept_through_later_writes() {
    journal.record(run(UID, "key", "Running"), Optional.empty(), List.of());
    assertThat(journal.runner(UID)).isEmpty();
    journal.keepRunner(UID, Map.of("status", "failed", "error", "nul \u0000"));
    journal.record(run(UID, "key", "Running"), Optional.empty(), List.of());
    assertThat(journal.runner(UID).orElseThrow()).containsEntry("status", "failed");
  }

  @Test
  void the_end_of_a_log_is_kept_in_whole_characters_and_a_later_one_that_says_something_instead() {
    journal.keepLog(UID, "so far");
    journal.keepLog(UID, "what came before \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9!");
    journal.keepLog(UID, "");
    assertThat(records.log(UID)).contains("\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9!");
    assertThat(records.log(OTHER)).isEmpty();
  }

  @Test
  void a_decision_is_one_row_a_subject_and_outcome() {
    journal.decided(UID, false, "SecretNotAllowed", "no");
    journal.decided(UID, false, "SecretNotAllowed", "no");
    journal.decided(UID, true, "Completed", "yes");
    assertThat(database.read("SELECT event_type FROM audit_events ORDER BY 1"))
        .containsExactly("policy.allowed", "policy.denied");
  }

  @Test
  void lists_go_on_behind_the_last_row_newest_first() {
    for (int i = 0; i < 5; i++) {
      journal.record(run("uid-" + i, "key-" + i, "Running"), Optional.empty(), List.of());
    }
    var first = records.list(wanted("sample", "Running"), 2, null, null);
    var second = records.list(wanted(null), 10, first.get(1).createdAt(), first.get(1).id());
    assertThat(first).extracting(RunRecord::resourceUid).containsExactly("uid-4", "uid-3");
    assertThat(second)
        .extracting(RunRecord::resourceUid)
        .containsExactly("uid-2", "uid-1", "uid-0");
    assertThat(records.list(wanted("other"), 2, null, null)).isEmpty();
    assertThat(records.list(wanted(null, "Failed"), 2, null, null)).isEmpty();
  }

  @Test
  void a_list_is_narrowed_by_runtime_age_and_labels() {
    journal.record(run(UID, "key", "Running"), Optional.empty(), List.of());
    var labels = Map.of("team", "a");
    database.read(
        "UPDATE agent_runs SET payload ="
            + " '{\"resource\":{\"metadata\":{\"labels\":{\"team\":\"a\",\"x\":\"y\"}}}}' RETURNING 1");
    var soon = Instant.now().plusSeconds(3600);
    assertThat(listed(List.of("agents"), "job", Instant.EPOCH, labels)).hasSize(1);
    assertThat(listed(List.of("elsewhere"), null, null, Map.of())).isEmpty();
    assertThat(listed(List.of(), "argo", null, Map.of())).isEmpty();
    assertThat(listed(List.of(), null, soon, Map.of())).isEmpty();
    assertThat(listed(List.of(), null, null, Map.of("team", "b"))).isEmpty();
  }

  private List<RunRecord> listed(
      List<String> namespaces, String runtime, Instant since, Map<String, String> labels) {
    var wanted = new RunRecords.Wanted(namespaces, null, List.of(), runtime, since, labels);
    return records.list(wanted, 10, null, null);
  }

  private static RunRecords.Wanted wanted(String agent, String... statuses) {
    return new RunRecords.Wanted(List.of("agents"), agent, List.of(statuses), null, null, Map.of());
  }

  @Test
  void a_key_belongs_to_one_run_until_that_is_gone() {
    var keys = new PostgresIdempotencyKeys(database.database());
    var first = new IdempotencyKeys.Owner("run", UID, null);
    assertThat(keys.claim("agents", "sample", "k", "run", UID)).isEqualTo(first);
    assertThat(keys.claim("agents", "sample", "k", "other", OTHER)).isEqualTo(first);
    keys.finished(UID, "Failed");
    keys.finished(UID, "Succeeded");
    assertThat(keys.claim("agents", "sample", "k", "other", OTHER).terminalPhase())
        .isEqualTo("Failed");
    assertThat(keys.takeOver("agents", "sample", "k", first, "other", OTHER)).isTrue();
    assertThat(keys.takeOver("agents", "sample", "k", first, "third", "x")).isFalse();
    assertThat(keys.claim("agents", "sample", "k", "run", UID))
        .isEqualTo(new IdempotencyKeys.Owner("other", OTHER, null));
  }

  private static Optional<Journal.PhaseChange> change(String from, String to) {
    return Optional.of(new Journal.PhaseChange(from, to, "Reason", "message"));
  }

  private static RunRecord run(String uid, String key, String status) {
    return new RunRecord(
        null,
        "agents",
        "sample",
        key,
        "job",
        status,
        "run",
        uid,
        Map.of("resource", Map.of("kind", "AgentRun")),
        null,
        null);
  }

  private static Event event() {
    return new Event(
        UID + "/Running",
        "run.started",
        Instant.EPOCH,
        "agents",
        "AgentRun",
        "run",
        UID,
        "Running",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}

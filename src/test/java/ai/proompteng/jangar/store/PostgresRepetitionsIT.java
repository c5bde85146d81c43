package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.store.Repetitions.Answered;
import ai.proompteng.jangar.store.Repetitions.Request;
import ai.proompteng.jangar.store.Repetitions.Standing;
import ai.proompteng.jangar.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresRepetitionsIT {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);
  private static final Request FIRST = request("agents", "k", "print");
  private static final Answered ANSWER =
      new Answered(
          201,
          Optional.of("{\"ok\":true,\"b\":1,\"a\":\"\\u0000\"}"),
          "/v1/x/1",
          List.of("agents"));

  private TestDatabase database;
  private Repetitions repetitions;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    repetitions = new PostgresRepetitions(database.database());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void one_owner_does_it_and_others_are_told_what_was_answered() {
    assertThat(repetitions.take(FIRST, ONE)).isInstanceOf(Standing.Mine.class);
    assertThat(repetitions.take(FIRST, TWO)).isInstanceOf(Standing.InProgress.class);
    assertThat(repetitions.finish(FIRST, TWO, ANSWER)).isFalse();
    assertThat(repetitions.finish(FIRST, ONE, ANSWER)).isTrue();
    assertThat(repetitions.take(FIRST, TWO)).isEqualTo(new Standing.Done(ANSWER));
    var rotated = new Request("agents", "/v1/x", "k", "print", "another");
    assertThat(repetitions.take(rotated, TWO)).isEqualTo(new Standing.Done(ANSWER));
    assertThat(database.read("SELECT principal FROM idempotency_requests")).containsExactly("me");
  }

  @Test
  void a_key_is_of_one_request_and_one_namespace() {
    repetitions.take(FIRST, ONE);
    assertThat(repetitions.take(request("agents", "k", "other"), TWO))
        .isInstanceOf(Standing.Reused.class);
    assertThat(repetitions.take(request("docs", "k", "print"), TWO))
        .isInstanceOf(Standing.Elsewhere.class);
    assertThat(repetitions.take(request("agents", "K", "other"), TWO))
        .isInstanceOf(Standing.Mine.class);
    assertThat(repetitions.take(new Request("agents", "/v1/y", "k", "other", "me"), TWO))
        .as("another route")
        .isInstanceOf(Standing.Mine.class);
  }

  @Test
  void a_key_that_a_run_of_another_namespace_has_is_not_free() {
    database.read(
        "INSERT INTO agent_runs (namespace, agent_name, delivery_id, provider, status, payload)"
            + " VALUES ('docs', 'a', 'k', 'job', 'Running', '{}') RETURNING 1");
    assertThat(repetitions.take(FIRST, ONE)).isInstanceOf(Standing.Elsewhere.class);
    assertThat(repetitions.take(request("docs", "k", "print"), ONE))
        .isInstanceOf(Standing.Mine.class);
  }

  @Test
  void what_is_not_finished_by_its_deadline_is_taken_over_once() {
    repetitions.take(FIRST, ONE);
    passDeadline();
    assertThat(repetitions.take(request("agents", "k", "other"), TWO))
        .as("another request does not take it over")
        .isInstanceOf(Standing.Reused.class);
    assertThat(repetitions.take(FIRST, TWO)).isInstanceOf(Standing.Mine.class);
    assertThat(repetitions.take(FIRST, new UUID(0, 3))).isInstanceOf(Standing.InProgress.class);
    assertThat(repetitions.finish(FIRST, ONE, ANSWER)).as("too late").isFalse();
    repetitions.release(FIRST, ONE);
    repetitions.leave(FIRST, ONE);
    assertThat(repetitions.finish(FIRST, TWO, ANSWER)).isTrue();
  }

  @Test
  void who_gives_up_frees_the_key_or_lets_the_same_go_on() {
    repetitions.take(FIRST, ONE);
    repetitions.leave(FIRST, ONE);
    assertThat(repetitions.take(request("agents", "k", "other"), TWO))
        .isInstanceOf(Standing.Reused.class);
    assertThat(repetitions.take(FIRST, TWO)).isInstanceOf(Standing.Mine.class);
    repetitions.release(FIRST, TWO);
    assertThat(repetitions.take(request("agents", "k", "other"), ONE))
        .isInstanceOf(Standing.Mine.class);
  }

  @Test
  void what_is_done_is_neither_released_nor_taken_over() {
    repetitions.take(FIRST, ONE);
    repetitions.finish(FIRST, ONE, ANSWER);
    passDeadline();
    repetitions.release(FIRST, ONE);
    repetitions.leave(FIRST, ONE);
    assertThat(repetitions.take(FIRST, TWO)).isEqualTo(new Standing.Done(ANSWER));
  }

  @Test
  void of_fifty_at_once_on_two_servers_one_takes_it() throws Exception {
    var other = new PostgresRepetitions(database.open());
    var asked = new ArrayList<Callable<Standing>>();
    for (int i = 0; i < 50; i++) {
      var at = i % 2 == 0 ? repetitions : other;
      asked.add(() -> at.take(FIRST, UUID.randomUUID()));
    }
    var threads = Executors.newFixedThreadPool(16);
    try {
      var standings = new ArrayList<Standing>();
      for (var future : threads.invokeAll(asked)) {
        standings.add(future.get());
      }
      assertThat(standings).filteredOn(Standing.Mine.class::isInstance).hasSize(1);
      assertThat(standings).filteredOn(Standing.InProgress.class::isInstance).hasSize(49);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void without_a_database_nothing_is_taken() {
    database.database().close();
    assertThatThrownBy(() -> repetitions.take(FIRST, ONE)).isInstanceOf(Unreachable.class);
  }

  private void passDeadline() {
    database.read("UPDATE idempotency_requests SET deadline = now() RETURNING 1");
  }

  private static Request request(String namespace, String key, String fingerprint) {
    return new Request(namespace, "/v1/x", key, fingerprint, "me");
  }
}

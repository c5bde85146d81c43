package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkItemRunsIT {
  private TestDatabase database;
  private WorkItemRuns claims;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    claims = new WorkItemRuns(database.database());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_free_slot_is_taken_and_a_request_that_is_repeated_is_one() {
    var first = claims.request(request("a", 1));
    assertThat(first.state()).isEqualTo("active");
    assertThat(claims.request(request("a", 1))).isEqualTo(first);
    assertThat(first.runName()).startsWith("o-r-1-impl-").hasSizeLessThan(64);
  }

  @Test
  void two_requests_during_a_run_give_exactly_one_next_the_newest() {
    var active = started(claims.request(request("a", 1)));
    claims.request(request("b", 2));
    claims.request(request("c", 3));

    release(active);
    assertThat(requests("active")).containsExactly("c");
    assertThat(requests("next")).isEmpty();
    release(started(claims.request(request("c", 3))));
    assertThat(requests("active")).isEmpty();
  }

  @Test
  void an_older_request_that_comes_late_replaces_nothing() {
    started(claims.request(request("a", 1)));
    claims.request(request("c", 3));
    assertThat(claims.request(request("b", 2)).state()).isEqualTo("replaced");
    assertThat(requests("next")).containsExactly("c");
  }

  @Test
  void other_slots_and_other_namespaces_run_beside_it() {
    assertThat(claims.request(request("a", 1)).state()).isEqualTo("active");
    assertThat(claims.request(in("agents", "reviewer", "a", 1)).state()).isEqualTo("active");
    assertThat(claims.request(in("others", "sample", "a", 1)).state()).isEqualTo("active");
  }

  @Test
  void fifty_requests_at_once_leave_one_active_and_one_next_the_newest() throws Exception {
    var other = new WorkItemRuns(database.open());
    var tasks = new ArrayList<Callable<Claim>>();
    for (int i = 0; i < 50; i++) {
      var through = i % 2 == 0 ? claims : other;
      var request = request("k" + i, i);
      tasks.add(() -> through.request(request));
    }
    var threads = Executors.newFixedThreadPool(8);
    try {
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(requests("active")).hasSize(1);
    var newest = requests("active").contains("k49") ? "k48" : "k49";
    assertThat(requests("next")).containsExactly(newest);
    assertThat(requests("replaced")).hasSize(48);
  }

  @Test
  void a_crash_between_claim_and_creation_is_finished_by_whoever_comes() {
    var claim = claims.request(request("a", 1));
    assertThatThrownBy(
            () ->
                claims.start(
                    claim.id(),
                    any -> {
                      throw new Unreachable("away");
                    }))
        .isInstanceOf(Unreachable.class);

    assertThat(claims.unstarted(10)).containsExactly(claim.id());
    assertThat(claims.start(claim.id(), Claim::runName).orElseThrow().runUid())
        .isEqualTo(claim.runName());
    assertThat(claims.unstarted(10)).isEmpty();
    assertThat(claims.start(claim.id(), any -> "another")).isEmpty();
  }

  @Test
  void while_one_creates_the_run_nobody_else_does() throws Exception {
    var claim = claims.request(request("a", 1));
    var creating = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var thread = Executors.newSingleThreadExecutor();
    try {
      var first =
          thread.submit(
              () ->
                  claims.start(
                      claim.id(),
                      any -> {
                        creating.countDown();
                        await(go);
                        return "uid-1";
                      }));
      creating.await();
      assertThat(claims.start(claim.id(), any -> "uid-2")).isEmpty();
      go.countDown();
      assertThat(first.get().orElseThrow().runUid()).isEqualTo("uid-1");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void a_run_that_may_not_be_created_frees_its_slot_for_the_next() {
    var claim = claims.request(request("a", 1));
    claims.request(request("b", 2));
    assertThatThrownBy(
            () ->
                claims.start(
                    claim.id(),
                    any -> {
                      throw new Rejected(Reason.NameCollision, "no");
                    }))
        .isInstanceOf(Rejected.class);

    assertThat(requests("failed")).containsExactly("a");
    assertThat(requests("active")).containsExactly("b");
    assertThat(claims.request(request("a", 1)).state()).as("asked again").isEqualTo("next");
  }

  @Test
  void a_run_of_the_same_name_with_another_uid_frees_nothing() {
    var active = started(claims.request(request("a", 1)));
    claims.release("agents", active.runName(), "another uid");
    assertThat(requests("active")).containsExactly("a");
    claims.release("agents", "no run of a claim", "uid");
  }

  @Test
  void a_run_that_is_final_before_its_uid_is_recorded_frees_its_slot() {
    var claim = claims.request(request("a", 1));
    claims.release("agents", claim.runName(), "uid");
    assertThat(requests("active")).isEmpty();
    assertThat(claims.request(request("a", 1)).state())
        .as("what is done is not done again")
        .isEqualTo("released");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Claim started(Claim claim) {
    return claims.start(claim.id(), any -> "uid-of-" + any.runName()).orElseThrow();
  }

  private void release(Claim claim) {
    claims.release(claim.request().namespace(), claim.runName(), claim.runUid());
  }

  private List<String> requests(String state) {
    return database.read("SELECT request_key FROM work_item_runs WHERE state = '" + state + "'");
  }

  private static RunRequest request(String key, int version) {
    return in("agents", "sample", key, version);
  }

  private static RunRequest in(String namespace, String slot, String key, int version) {
    return new RunRequest(
        namespace,
        "github",
        "I_1",
        slot,
        key,
        "sample",
        "o-r-1-impl",
        "o/r#1",
        Instant.parse("2026-01-02T03:04:05Z").plusSeconds(version),
        "hash",
        null);
  }
}

package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresEndingsIT {
  private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");

  private TestDatabase database;
  private Ledger ledger;
  private Endings endings;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    ledger = new Ledger(database.database(), Ledger.Limits.defaults(), "one");
    endings = new PostgresEndings(database.database());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void an_item_that_never_ended_has_no_ending() {
    tell("a", "1", T0, "open");
    tell("a", "2", T0, "closed");
    assertThat(endings.last(item("a", "1", T0, "open"))).isEmpty();
  }

  @Test
  void the_newest_ending_counts_whatever_order_they_came_in_and_a_tombstone_before_another() {
    tell("a", "1", T0.plusSeconds(1), "deleted");
    tell("a", "1", T0.plusSeconds(1), "closed");
    tell("a", "1", T0, "transferred");
    assertThat(endings.last(item("a", "1", T0, "open")).orElseThrow().item().state())
        .isEqualTo("deleted");
  }

  @Test
  void another_source_ends_an_item_but_its_scope_is_its_own() {
    tell("b", "1", T0.plusSeconds(2), "out-of-scope");
    assertThat(endings.last(item("a", "1", T0, "open"))).isEmpty();
    tell("b", "1", T0, "closed");
    var ending = endings.last(item("a", "1", T0, "open")).orElseThrow();
    assertThat(ending.item().state()).isEqualTo("closed");
    assertThat(ending.receivedAt()).isNotNull();
  }

  private void tell(String source, String id, Instant version, String state) {
    ledger.append(List.of(item(source, id, version, state)));
  }

  private static WorkItem item(String source, String id, Instant version, String state) {
    return new WorkItem(
        source,
        "agents",
        "uid-of-" + source,
        "github",
        "octo/hello#" + id,
        "I_" + id,
        source + id + version + state,
        version,
        "issues",
        "edited",
        state,
        "t",
        "b",
        List.of(),
        null,
        null,
        null,
        source + id + version + state);
  }
}

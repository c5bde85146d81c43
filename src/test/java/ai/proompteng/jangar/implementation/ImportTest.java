package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.WorkItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImportTest {
  private static final Instant T0 = Instant.parse("2026-11-01T10:00:00Z");
  private static final List<String> JANGAR = List.of("jangar");

  @Test
  void an_open_issue_becomes_a_spec_with_all_that_is_imported() {
    var desk = new ImportDesk();
    desk.tell(
        Items.issue("hello", T0, "open", " The  title ", "Body\r\n<!-- hidden -->", JANGAR), T0);

    assertThat(desk.spec())
        .containsEntry("summary", "The title")
        .containsEntry("text", "Body")
        .containsEntry("labels", JANGAR)
        .containsEntry("acceptanceCriteria", List.of())
        .containsEntry(
            "source",
            Map.of(
                "provider",
                "github",
                "externalId",
                "octo/hello#1",
                "url",
                "https://github.com/octo/hello/issues/1"));
    assertThat(desk.labels())
        .containsEntry(WellKnown.SOURCE_PROVIDER, "github")
        .containsEntry(WellKnown.IMPLEMENTATION_SOURCE, "hello");
    assertThat(desk.annotations())
        .containsEntry(WellKnown.SOURCE_ID, "I_1")
        .containsEntry(WellKnown.SOURCE_VERSION, "2026-11-01T10:00:00Z")
        .containsEntry(WellKnown.SOURCE_STATE, "open")
        .containsEntry(WellKnown.LABEL_SINCE, "{\"jangar\":\"2026-11-01T10:00:00Z/1\"}")
        .containsEntry(WellKnown.SOURCE_DELIVERY, "delivery-2026-11-01T10:00:00Z")
        .doesNotContainKeys(WellKnown.STALE_REASON, WellKnown.TEXT_TRUNCATED, WellKnown.MOVED_TO)
        .containsKeys(WellKnown.SYNCED_AT, WellKnown.SOURCE_CONTENT_HASH);
  }

  @Test
  void versions_are_compared_as_instants() {
    var desk = new ImportDesk();
    desk.tell(Items.issue(T0.plusMillis(500), "open", "newer", List.of()), T0);
    assertThat(desk.tell(Items.issue(T0, "open", "older", List.of()), T0.plusSeconds(1)))
        .isInstanceOf(ImportStep.Drop.class);
    assertThat(desk.spec()).containsEntry("summary", "newer");
  }

  @Test
  void the_same_state_told_by_a_poll_changes_nothing() {
    var desk = new ImportDesk();
    var item = Items.issue(T0, "open", "t", JANGAR);
    desk.tell(item, T0);
    assertThat(desk.tell(unsigned(item), T0.plusSeconds(9))).isInstanceOf(ImportStep.Keep.class);
    assertThat(desk.tell(item, T0)).isInstanceOf(ImportStep.Keep.class);
  }

  @Test
  void of_equal_versions_the_later_arrival_stands() {
    var desk = new ImportDesk();
    desk.tell(Items.issue(T0, "open", "second", List.of()), T0.plusMillis(2));
    assertThat(desk.tell(Items.issue(T0, "open", "first", List.of()), T0.plusMillis(1)))
        .isInstanceOf(ImportStep.Drop.class);
    desk.tell(Items.issue(T0, "open", "third", List.of()), T0.plusMillis(3));
    assertThat(desk.spec()).containsEntry("summary", "third");
  }

  @Test
  void an_item_that_ended_before_it_was_seen_is_not_imported() {
    for (var state : List.of("closed", "deleted", "transferred", "out-of-scope")) {
      var desk = new ImportDesk();
      assertThat(desk.tell(Items.issue(T0, state, "t", JANGAR), T0))
          .isInstanceOf(ImportStep.Ignore.class);
      assertThat(desk.exists()).isFalse();
    }
  }

  @Test
  void each_end_is_told_on_the_object_and_a_newer_live_state_takes_it_back() {
    var ends =
        Map.of(
            "closed", "SourceClosed",
            "deleted", "SourceDeleted",
            "transferred", "SourceTransferred",
            "out-of-scope", "OutOfScope");
    ends.forEach(
        (state, reason) -> {
          var desk = new ImportDesk();
          desk.tell(Items.issue(T0, "open", "t", JANGAR), T0);
          desk.tell(Items.issue(T0.plusSeconds(1), state, "t", JANGAR), T0.plusSeconds(1));
          assertThat(desk.annotations()).containsEntry(WellKnown.STALE_REASON, reason);
          assertThat(desk.spec()).containsEntry("labels", JANGAR);
          desk.tell(Items.issue(T0.plusSeconds(2), "open", "t", JANGAR), T0.plusSeconds(2));
          assertThat(desk.annotations()).doesNotContainKey(WellKnown.STALE_REASON);
        });
  }

  @Test
  void a_tombstone_is_revived_only_by_a_newer_version() {
    var desk = new ImportDesk();
    desk.tell(Items.issue(T0, "open", "t", JANGAR), T0);
    desk.tell(Items.issue(T0, "deleted", "t", JANGAR), T0.plusSeconds(1));
    assertThat(desk.tell(Items.issue(T0, "open", "late", JANGAR), T0.plusSeconds(2)))
        .isInstanceOf(ImportStep.Drop.class);
    assertThat(desk.annotations()).containsEntry(WellKnown.SOURCE_STATE, "deleted");
  }

  @Test
  void a_source_that_lets_go_of_an_item_does_not_end_it_for_another() {
    var desk = new ImportDesk();
    desk.tell(Items.issue("one", T0, "open", "t", "b", JANGAR), T0);
    var out = Items.issue("two", T0.plusSeconds(1), "out-of-scope", "t", "b", JANGAR);
    assertThat(desk.tell(out, T0.plusSeconds(1))).isInstanceOf(ImportStep.Ignore.class);

    desk.tell(Items.issue("two", T0.plusSeconds(2), "open", "t", "b", JANGAR), T0.plusSeconds(2));
    desk.tell(
        Items.issue("two", T0.plusSeconds(3), "out-of-scope", "t", "b", JANGAR), T0.plusSeconds(5));
    desk.tell(Items.issue("one", T0.plusSeconds(3), "open", "t", "b", JANGAR), T0.plusSeconds(4));
    assertThat(desk.annotations()).doesNotContainKey(WellKnown.STALE_REASON);
    assertThat(desk.labels()).containsEntry(WellKnown.IMPLEMENTATION_SOURCE, "one");
  }

  @Test
  void a_label_that_returns_has_a_new_arrival_and_an_edit_keeps_it() {
    var desk = new ImportDesk();
    desk.tell(Items.issue(T0, "open", "t", JANGAR), T0);
    desk.tell(Items.issue(T0, "open", "edited", JANGAR), T0.plusMillis(1));
    assertThat(desk.arrival("jangar")).isEqualTo(T0 + "/1");
    desk.tell(Items.issue(T0, "open", "edited", List.of()), T0.plusMillis(2));
    desk.tell(Items.issue(T0, "open", "edited", List.of("other")), T0.plusMillis(3));
    desk.tell(Items.issue(T0, "open", "edited", JANGAR), T0.plusMillis(4));
    assertThat(desk.arrival("jangar")).isEqualTo(T0 + "/2");
    desk.tell(Items.issue(T0.plusSeconds(9), "open", "again", JANGAR), T0.plusSeconds(9));
    assertThat(desk.arrival("jangar")).isEqualTo(T0 + "/2");
  }

  @Test
  void labels_that_are_unknown_stay_as_they_are() {
    var desk = new ImportDesk();
    desk.tell(Items.issue(T0, "open", "t", JANGAR), T0);
    desk.tell(Items.issue(T0.plusSeconds(1), "open", "u", null), T0.plusSeconds(1));
    assertThat(desk.spec()).containsEntry("labels", JANGAR).containsEntry("summary", "u");
    assertThat(desk.arrival("jangar")).isEqualTo(T0 + "/1");
  }

  @Test
  void a_state_that_is_not_told_stays_as_it_is() {
    var desk = new ImportDesk();
    desk.tell(Items.issue(T0, "open", "t", JANGAR), T0);
    desk.tell(Items.issue(T0.plusSeconds(1), "closed", "t", JANGAR), T0.plusSeconds(1));
    desk.tell(Items.issue(T0.plusSeconds(2), null, "u", JANGAR), T0.plusSeconds(2));
    assertThat(desk.annotations())
        .containsEntry(WellKnown.SOURCE_STATE, "closed")
        .containsEntry(WellKnown.STALE_REASON, "SourceClosed");
    assertThat(desk.spec()).containsEntry("summary", "u");
  }

  @Test
  void a_long_text_is_cut_and_its_length_remembered_until_it_is_short_again() {
    var desk = new ImportDesk();
    desk.tell(Items.issue("hello", T0, "open", "t", "é".repeat(70_000), JANGAR), T0);
    assertThat(desk.annotations()).containsEntry(WellKnown.TEXT_TRUNCATED, "140000");
    assertThat(SpecText.bytes((String) desk.spec().get("text"))).isEqualTo(131_072);
    desk.tell(Items.issue(T0.plusSeconds(1), "open", "t", JANGAR), T0.plusSeconds(1));
    assertThat(desk.annotations()).doesNotContainKey(WellKnown.TEXT_TRUNCATED);
  }

  @Test
  void a_spec_always_has_a_text_and_only_labels_and_addresses_within_the_limits() {
    var labels = new ArrayList<String>();
    labels.add(null);
    labels.add(" ");
    labels.add("x".repeat(300));
    labels.add("{{x}} ${bean:x} $(id) '; DROP");
    labels.addAll(Collections.nCopies(3, "twice"));
    for (int i = 0; i < 200; i++) {
      labels.add("label " + i);
    }
    var content = SpecContent.of(Items.issue("hello", T0, "open", "", " \n", labels));
    assertThat(content.text()).isEqualTo("octo/hello#1");
    assertThat(content.labels())
        .hasSize(100)
        .startsWith("x".repeat(256), "{{x}} ${bean:x} $(id) '; DROP", "twice", "label 0");
    assertThat(SpecContent.of(Items.issue("hello", T0, "open", "t", null, labels)).text())
        .isEqualTo("t");
  }

  @Test
  void any_order_and_repetition_of_an_issues_events_ends_in_the_spec_of_the_sorted_ones() {
    var random = new Random(17);
    for (int round = 0; round < 2000; round++) {
      var events = events(random);
      var sorted = new ImportDesk();
      events.forEach(sorted::tell);

      var shuffled = new ArrayList<>(events);
      events.stream().filter(any -> random.nextInt(3) == 0).forEach(shuffled::add);
      Collections.shuffle(shuffled, random);
      var mixed = new ImportDesk();
      shuffled.forEach(mixed::tell);

      assertThat(mixed.summary()).as("round %d", round).isEqualTo(sorted.summary());
    }
  }

  private static List<Told> events(Random random) {
    var states =
        List.of("open", "open", "open", "closed", "deleted", "transferred", "out-of-scope");
    var events = new ArrayList<Told>();
    for (int i = 0; i < 2 + random.nextInt(6); i++) {
      var version = T0.plusSeconds(random.nextInt(3));
      var labels = List.of(List.<String>of(), JANGAR, List.of("a", "b")).get(random.nextInt(3));
      var item =
          Items.issue(
              version, states.get(random.nextInt(states.size())), "t" + random.nextInt(3), labels);
      events.add(Told.of(item, T0.plusMillis(10 * i)));
    }
    events.sort(
        Comparator.comparing(Told::version)
            .thenComparing(told -> told.state().tombstone())
            .thenComparing(Told::receivedAt));
    return events;
  }

  private static WorkItem unsigned(WorkItem item) {
    return new WorkItem(
        item.source(),
        item.namespace(),
        item.sourceUid(),
        item.provider(),
        item.externalId(),
        item.sourceId(),
        item.deliveryId(),
        item.version(),
        item.event(),
        item.action(),
        item.state(),
        item.summary(),
        item.text(),
        item.labels(),
        item.acceptanceCriteria(),
        item.url(),
        item.movedTo(),
        null);
  }
}

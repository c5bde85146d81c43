package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptanceCriteriaTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Acceptance Criteria",
        "###### acceptance criteria: ##",
        "## ✅ Acceptance Criteria",
        "## :white_check_mark: **Acceptance Criteria**:",
        "Acceptance Criteria\n===",
        "Acceptance criteria\n---",
        "**Acceptance Criteria**",
        "**Acceptance Criteria:**",
        "__Acceptance Criteria__:"
      })
  void the_list_under_any_form_of_the_heading_is_found(String heading) {
    assertThat(read("intro\n- not this\n\n" + heading + "\n\n- one\n* two\n"))
        .containsExactly("one", "two");
  }

  @Test
  void a_section_ends_at_the_next_heading_of_its_level_or_above() {
    assertThat(read("## Acceptance Criteria\n- a\n### Detail\n- b\n**bold**\n- c\n## Next\n- d"))
        .containsExactly("a", "b", "c");
    assertThat(read("**Acceptance Criteria**\n- a\n**Next**\n- b")).containsExactly("a");
  }

  @Test
  void every_kind_of_list_item_counts_and_task_boxes_are_taken_off() {
    assertThat(read("# Acceptance Criteria\n1. one\n2) two\n+ three\n- [ ] four\n- [x] five\n- "))
        .containsExactly("one", "two", "three", "four", "five");
  }

  @Test
  void a_nested_item_names_its_parents() {
    assertThat(read("# Acceptance Criteria\n- a\n  - b\n    - c\n  - d\n- e"))
        .containsExactly("a", "a > b", "a > b > c", "a > d", "e");
  }

  @Test
  void an_item_goes_on_in_the_lines_that_are_indented_under_it() {
    assertThat(read("# Acceptance Criteria\n- one\n  item\n\nno item\n  either"))
        .containsExactly("one item");
  }

  @Test
  void what_stands_in_a_code_fence_is_neither_heading_nor_item() {
    assertThat(read("```\n# Acceptance Criteria\n- a\n```\n# Acceptance Criteria\n~~~\n- b\n~~~"))
        .isEmpty();
  }

  @Test
  void a_rule_is_no_item_and_without_the_heading_there_are_none() {
    assertThat(read("# Acceptance Criteria\n- a\n\n* * *\n\n- b")).containsExactly("a", "b");
    assertThat(read("# Something\n- a")).isEmpty();
    assertThat(read("")).isEmpty();
  }

  @Test
  void at_most_50_items_of_at_most_1024_code_points_are_kept() {
    var items = "# Acceptance Criteria\n" + ("- " + "😀".repeat(2000) + "\n").repeat(60);
    assertThat(read(items))
        .hasSize(50)
        .allSatisfy(item -> assertThat(item.codePoints()).hasSize(1024));
    assertThat(AcceptanceCriteria.fit(Collections.nCopies(60, " a\nb ")))
        .hasSize(50)
        .containsOnly("a b");
  }

  private static List<String> read(String text) {
    return AcceptanceCriteria.under(AcceptanceCriteria.HEADING, text);
  }
}

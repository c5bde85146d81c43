package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.WorkItem;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecNamesTest {
  private static final String DNS_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";

  @ParameterizedTest
  @CsvSource({
    "github, proompteng/lab#2519, proompteng-lab-2519-impl",
    "linear, ENG-42, linear-eng-42-impl",
    "github, a/b-c#1, a-b-c-1-impl",
    "github, a-b/c#1, a-b-c-1-impl-e303a2d4ff",
    "github, linear/eng#42, linear-eng-42-impl-e47925617a",
    "github, some-very-long-organisation-name-here/a-repository-with-a-very-long-name#123456,"
        + " some-very-long-organisation-name-here-a-repository-w-b1e5ffe9ff"
  })
  void an_item_has_the_name_of_the_specification(String provider, String id, String name) {
    assertThat(SpecNames.of(Items.of(provider, id)).get(0)).isEqualTo(name);
  }

  @Test
  void different_items_never_share_a_name_and_every_name_is_a_dns_label() {
    var random = new Random(7);
    var owners = new HashMap<String, String>();
    for (int i = 0; i < 5000; i++) {
      var item = random.nextInt(3) == 0 ? linear(random) : gitHub(random);
      var identity = item.provider() + ":" + item.externalId().toLowerCase(Locale.ROOT);
      var names = SpecNames.of(item);
      assertThat(names).allMatch(name -> name.matches(DNS_LABEL) && name.length() <= 63);
      for (var name : names.subList(0, names.size() - 1)) {
        assertThat(owners.merge(name, identity, (first, second) -> first)).isEqualTo(identity);
      }
    }
  }

  @Test
  void an_item_of_a_free_word_is_named_by_word_and_id_and_always_hashed() {
    var name = SpecNames.of(Items.custom("pager", "INC 1"));
    var other = SpecNames.of(Items.custom("pager-inc", "1"));

    assertThat(name.get(0)).matches("pager-inc-1-impl-[0-9a-f]{10}");
    assertThat(other).doesNotContainAnyElementsOf(name);
    assertThat(SpecNames.sourceId(Items.custom("pager", "1")))
        .isNotEqualTo(SpecNames.sourceId(Items.custom("mail", "1")));
  }

  @Test
  void an_id_without_a_letter_that_a_name_may_hold_is_told_apart_by_its_hash() {
    assertThat(SpecNames.of(Items.custom("π", "ΩΩΩ")).get(0)).matches(DNS_LABEL);
    assertThat(SpecNames.of(Items.custom("π", "ΩΩΩ")))
        .doesNotContainAnyElementsOf(SpecNames.of(Items.custom("π", "ΨΨΨ")));
  }

  @Test
  void a_long_source_name_fits_a_label() {
    assertThat(SpecNames.sourceLabel("hello")).isEqualTo("hello");
    assertThat(SpecNames.sourceLabel("x".repeat(200) + "a"))
        .hasSize(63)
        .isNotEqualTo(SpecNames.sourceLabel("x".repeat(200) + "b"));
  }

  private static WorkItem gitHub(Random random) {
    var alphabet = List.of("a", "b", "-", ".", "_", "linear", "1", "A");
    var name = words(random, alphabet) + "/" + words(random, alphabet);
    return Items.of("github", name + "#" + (1 + random.nextInt(12)));
  }

  private static WorkItem linear(Random random) {
    var team = words(random, List.of("a", "b", "1", "A", "-"));
    return Items.of("linear", team + "-" + (1 + random.nextInt(12)));
  }

  private static String words(Random random, List<String> alphabet) {
    var text = new StringBuilder("a");
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(alphabet.get(random.nextInt(alphabet.size())));
    }
    return text.toString();
  }
}

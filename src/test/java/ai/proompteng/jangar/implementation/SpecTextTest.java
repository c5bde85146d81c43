package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecTextTest {
  private static final List<String> PIECES =
      List.of(
          "<!--", "-->", "<!-", "->", ">", "-", "\n", "\r", "\r\n", "```", "~~~", "``", " ", "\t",
          "a", "é", "😀", "\ud83d", "\ude00", "\0", "\7", "- [ ] x", "# h", "    ");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a\\r\\nb\\rc|a\\nb\\nc",
        "a\\0b\\7c\\td|abc\\td",
        "\\n  \\na\\n \\n|a",
        "\\s a|\\s a",
        "a<!-- b -->c|ac",
        "a<!-- b\\nc -->d|ad",
        "```\\n<!-- a -->\\n```\\n<!-- b -->c|```\\n<!-- a -->\\n```\\nc",
        "~~~~ md\\n<!-- a -->\\n~~~\\n<!-- b -->|~~~~ md\\n<!-- a -->\\n~~~\\n<!-- b -->",
        "a<!<!-- x -->-- y -->b|ab",
        "a<!-->b<!--->c|abc",
        "a <!-- b|a <!-- b",
        "a\\n<!-- b\\nc|a",
        "<!-- ``` -->\\n<!-- b -->c|c",
        "'a {{x}} ${bean:x} $(id)'|'a {{x}} ${bean:x} $(id)'"
      })
  void a_body_is_prepared(String body, String prepared) {
    assertThat(SpecText.prepare(body.translateEscapes())).isEqualTo(prepared.translateEscapes());
  }

  @Test
  void half_a_character_is_replaced_and_nothing_is_empty() {
    assertThat(SpecText.prepare("x\ud83dy\ude00")).isEqualTo("x\ufffdy\ufffd");
    assertThat(SpecText.prepare("😀")).isEqualTo("😀");
    assertThat(SpecText.prepare(null)).isEmpty();
    assertThat(SpecText.prepare(" \n\t\n ")).isEmpty();
  }

  @Test
  void preparing_again_changes_nothing() {
    var random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      var body = random(random, 1 + random.nextInt(24));
      var once = SpecText.prepare(body);
      assertThat(SpecText.prepare(once)).as("of %s", body).isEqualTo(once);
    }
  }

  @Test
  void a_cut_text_is_valid_utf_8_of_at_most_the_limit_and_stays_prepared()
      throws CharacterCodingException {
    var random = new Random(13);
    for (int i = 0; i < 12; i++) {
      var prepared = SpecText.prepare("é".repeat(random.nextInt(4)) + random(random, 90_000));
      var text = SpecText.fit(prepared);
      assertThat(strictly(text)).isLessThanOrEqualTo(SpecText.MAX_TEXT_BYTES);
      assertThat(SpecText.prepare(text)).isEqualTo(text);
      assertThat(SpecText.fit(text)).isEqualTo(text);
    }
  }

  @Test
  void a_text_is_cut_before_the_code_point_that_does_not_fit() throws CharacterCodingException {
    for (int shift = 0; shift < 5; shift++) {
      var text = SpecText.cutBytes("x".repeat(shift) + "😀".repeat(40_000), 131_072);
      assertThat(strictly(text)).isBetween(131_072 - 3, 131_072);
    }
    assertThat(SpecText.cutBytes("é".repeat(10), 20)).hasSize(10);
  }

  @Test
  void a_summary_is_one_line_of_at_most_256_code_points() {
    assertThat(SpecText.summary(" a \r\n b\u00a0\0c ")).isEqualTo("a b c");
    assertThat(SpecText.summary("😀".repeat(300)).codePoints()).hasSize(256);
    assertThat(SpecText.summary("a".repeat(255) + " b")).hasSize(255);
    assertThat(SpecText.summary(null)).isEmpty();
  }

  @Test
  void hostile_text_takes_no_longer_than_other_text() {
    for (var hostile :
        List.of("<!--", "<!", "<!-- -->", "# ", "- ", "\n", " \n", "`", "~", "<!<!-- -->", " ")) {
      var prepared = SpecText.prepare(hostile.repeat(1_000_000 / hostile.length()) + "\u2028");
      assertThat(AcceptanceCriteria.under("x", "# x\n" + prepared)).hasSizeLessThanOrEqualTo(50);
    }
  }

  /** The length in UTF-8; an unpaired surrogate is an error. */
  private static int strictly(String text) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
  }

  private static String random(Random random, int pieces) {
    var text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}

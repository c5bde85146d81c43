package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TailTest {

  @Test
  void only_the_end_is_kept() {
    assertThat(tail(5, "abc")).isEqualTo("abc");
    assertThat(tail(5, "abc", "defg")).isEqualTo("cdefg");
    assertThat(tail(5, "abcdefghijkl")).isEqualTo("hijkl");
    assertThat(tail(3, "a", "b", "c", "d", "e")).isEqualTo("cde");
    assertThat(tail(3)).isEmpty();
  }

  @Test
  void a_character_that_was_cut_in_two_is_left_out() {
    assertThat(tail(3, "xü", "yz")).isEqualTo("yz");
  }

  private static String tail(int bytes, String... parts) {
    var tail = new Tail(bytes);
    for (var part : parts) {
      tail.add(ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8)));
    }
    return tail.text();
  }
}

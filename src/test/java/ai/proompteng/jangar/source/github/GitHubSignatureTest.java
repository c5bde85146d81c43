package ai.proompteng.jangar.source.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubSignatureTest {
  // GitHub's own vector (integrations-and-helm.md 3.5)
  private static final String SECRET = "It's a Secret to Everybody";
  private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);
  private static final String HEX =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  @Test
  void the_published_vector_verifies_in_either_case() {
    for (var hex : new String[] {HEX, HEX.toUpperCase(Locale.ROOT)}) {
      var digest = GitHubSignature.digest("sha256=" + hex).orElseThrow();
      assertThat(GitHubSignature.verifies(SECRET, BODY, digest)).isTrue();
    }
  }

  @Test
  void any_flipped_bit_of_body_or_digest_does_not_verify() {
    var digest = GitHubSignature.digest("sha256=" + HEX).orElseThrow();
    for (int bit = 0; bit < BODY.length * 8; bit++) {
      assertThat(GitHubSignature.verifies(SECRET, flipped(BODY, bit), digest)).isFalse();
    }
    for (int bit = 0; bit < digest.length * 8; bit++) {
      assertThat(GitHubSignature.verifies(SECRET, BODY, flipped(digest, bit))).isFalse();
    }
    assertThat(GitHubSignature.verifies(SECRET + " ", BODY, digest)).isFalse();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "sha256=",
        "sha256=757107",
        HEX,
        "sha1=" + HEX,
        "SHA256=" + HEX,
        " sha256=" + HEX,
        "sha256=" + HEX + " ",
        "sha256=" + HEX + "0",
        "sha256=g57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha1=a9993e364706816aba3e25717850c26c9cd0d89d"
      })
  void what_is_no_sha256_signature_has_no_digest(String header) {
    assertThat(GitHubSignature.digest(header)).isEmpty();
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    var copy = bytes.clone();
    copy[bit / 8] ^= (byte) (1 << bit % 8);
    return copy;
  }
}

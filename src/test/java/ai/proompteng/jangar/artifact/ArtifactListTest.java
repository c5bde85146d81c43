package ai.proompteng.jangar.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Artifact;
import ai.proompteng.jangar.core.Reason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArtifactListTest {
  @Test
  void fifty_are_kept_and_the_oldest_go() {
    var sixty = IntStream.range(0, 60).mapToObj(i -> url("a" + i, "https://x/" + i)).toList();
    var list = ArtifactList.of(sixty, 1000);
    assertThat(list.kept()).hasSize(50);
    assertThat(list.kept().get(0).name()).isEqualTo("a10");
    assertThat(list.reason()).contains(Reason.TooManyArtifacts);
    assertThat(list.message()).isEqualTo("dropped 10, stripped 0, invalid 0");
    assertThat(ArtifactList.of(sixty, 0).kept()).isEmpty();
  }

  @Test
  void an_address_that_is_too_long_or_inline_is_taken_off_and_the_entry_stays() {
    var list =
        ArtifactList.of(
            List.of(url("long", "https://" + "x".repeat(3000)), url("inline", "DATA:text/plain,x")),
            50);
    assertThat(list.kept()).extracting(Artifact::url).containsExactly(null, null);
    assertThat(list.stripped()).isEqualTo(2);
    assertThat(list.reason()).contains(Reason.UrlTooLong);
  }

  @Test
  void a_url_of_2048_code_points_is_kept() {
    var url = "https://x/" + "\uD83D\uDE00".repeat(2038);
    assertThat(ArtifactList.of(List.of(url("a", url)), 50).kept().get(0).url()).isEqualTo(url);
  }

  @Test
  void an_entry_without_a_name_is_dropped() {
    var list = ArtifactList.of(List.of(url("  ", "https://x")), 50);
    assertThat(list.kept()).isEmpty();
    assertThat(list.reason()).contains(Reason.MissingName);
  }

  @Test
  void uri_alone_is_enough_and_what_can_be_known_is_filled_in() {
    var given = new Artifact("d", null, null, null, null, "https://x/c.diff", null, null, null);
    var kept = ArtifactList.of(List.of(given), 50).kept().get(0);
    assertThat(kept.url()).isEqualTo("https://x/c.diff");
    assertThat(kept.type()).isEqualTo("diff");
    assertThat(kept.contentType()).isEqualTo("text/x-diff");
  }

  @Test
  void entries_of_one_name_become_one() {
    var declared = new Artifact("d", "/w/c.diff", null, null, null, null, null, null, null);
    var list = ArtifactList.of(List.of(declared, url("d", "https://x/c.diff")), 50);
    assertThat(list.kept()).hasSize(1);
    assertThat(list.kept().get(0).path()).isEqualTo("/w/c.diff");
    assertThat(list.kept().get(0).url()).isEqualTo("https://x/c.diff");
    assertThat(list.reason()).isEmpty();
  }

  private static Artifact url(String name, String url) {
    return new Artifact(name, null, null, url, null, null, null, null, null);
  }
}

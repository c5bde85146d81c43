package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import org.junit.jupiter.api.Test;

class OverlayTest {
  private final Overlay overlay = new Overlay(2);

  @Test
  void an_own_write_stays_until_the_watch_shows_it_or_later() {
    overlay.wrote("n/a", version("10"));
    overlay.shown("n/a", "uid", "9");
    assertThat(overlay.get("n/a")).isNotNull();
    overlay.shown("n/a", "uid", "10");
    assertThat(overlay.get("n/a")).isNull();
    overlay.wrote("n/a", version("99"));
    overlay.shown("n/a", "uid", "100");
    assertThat(overlay.get("n/a")).as("by number, not by letter").isNull();
  }

  @Test
  void of_two_answers_the_later_state_stays() {
    overlay.wrote("n/a", version("12"));
    overlay.wrote("n/a", version("11"));
    assertThat(overlay.get("n/a").version()).isEqualTo("12");
  }

  @Test
  void a_list_drops_what_it_has_passed() {
    overlay.wrote("n/a", version("10"));
    overlay.wrote("n/b", version("30"));
    overlay.listed("20");
    assertThat(overlay.keys()).containsExactly("n/b");
  }

  @Test
  void the_end_of_the_object_drops_it() {
    overlay.wrote("n/a", version("10"));
    overlay.shownGone("n/a", "another");
    assertThat(overlay.get("n/a")).isNotNull();
    overlay.shownGone("n/a", "uid");
    assertThat(overlay.get("n/a")).isNull();
  }

  @Test
  void a_deletion_stays_while_the_watch_still_shows_the_object() {
    overlay.deleted("n/a", "uid");
    overlay.shown("n/a", "uid", "11");
    overlay.wrote("n/a", version("10"));
    assertThat(overlay.get("n/a").deletion()).isTrue();
    overlay.shown("n/a", "successor", "12");
    assertThat(overlay.get("n/a")).isNull();
  }

  @Test
  void it_holds_so_many_and_no_more() {
    overlay.wrote("n/a", version("1"));
    overlay.wrote("n/b", version("2"));
    overlay.wrote("n/c", version("3"));
    assertThat(overlay.keys()).containsExactly("n/b", "n/c");
  }

  private static GenericKubernetesResource version(String version) {
    var object = Widgets.widget("n", "a");
    object.getMetadata().setUid("uid");
    object.getMetadata().setResourceVersion(version);
    return object;
  }
}

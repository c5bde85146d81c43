package ai.proompteng.jangar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.api.AgentRunSpec.Resources;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.runtime.RuntimeState.Ended;
import ai.proompteng.jangar.runtime.RuntimeState.Working;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every runtime owes whoever calls it. Each adapter's test extends this. */
public abstract class RuntimeAdapterContract {

  protected abstract RuntimeAdapter adapter();

  /** How many pieces of work the other side has. */
  protected abstract int pieces();

  /** The other side does not answer any more. */
  protected abstract void cutOff();

  /** The other side refuses whatever it is asked. */
  protected abstract void refuse();

  /** The other side answers and agrees again. */
  protected abstract void restore();

  @Test
  void the_same_run_submitted_again_is_the_same_work() {
    var first = adapter().submit(run("a", "uid-1"));
    assertThat(adapter().submit(run("a", "uid-1"))).isEqualTo(first);
    assertThat(pieces()).isEqualTo(1);
  }

  @Test
  void a_run_made_anew_under_the_same_name_has_work_of_its_own() {
    var first = adapter().submit(run("a", "uid-1"));
    assertThat(adapter().submit(run("a", "uid-2"))).isNotEqualTo(first);
    assertThat(pieces()).isEqualTo(2);
  }

  @Test
  void names_that_look_alike_are_kept_apart() {
    adapter().submit(run("a.b", "uid-1"));
    adapter().submit(run("a-b", "uid-2"));
    assertThat(pieces()).isEqualTo(2);
  }

  @Test
  void a_reference_survives_being_written_down() {
    var ref = adapter().submit(run("a", "uid-1"));
    assertThat(RuntimeRef.of(ref.toMap())).isEqualTo(ref);
  }

  @Test
  void work_just_submitted_is_under_way() {
    var ref = adapter().submit(run("a", "uid-1"));
    assertThat(adapter().observe(ref)).isInstanceOf(Working.class);
  }

  @Test
  void a_lost_reply_ends_in_the_same_work() {
    cutOff();
    assertThatThrownBy(() -> adapter().submit(run("a", "uid-1"))).isInstanceOf(Unreachable.class);
    restore();
    adapter().submit(run("a", "uid-1"));
    assertThat(pieces()).isEqualTo(1);
  }

  @Test
  void a_refusal_is_told_as_one() {
    refuse();
    assertThatThrownBy(() -> adapter().submit(run("a", "uid-1"))).isInstanceOf(Rejected.class);
  }

  @Test
  void stopping_and_clearing_up_may_be_repeated() {
    var ref = adapter().submit(run("a", "uid-1"));
    adapter().cancel(ref);
    adapter().cancel(ref);
    adapter().discard(ref);
    adapter().discard(ref);
    assertThat(pieces()).isZero();
    assertThat(adapter().find("agents", "a", "uid-1")).isEmpty();
  }

  @Test
  void work_that_was_stopped_is_over_once_nothing_of_it_goes_on() {
    var ref = adapter().submit(run("a", "uid-1"));
    adapter().cancel(ref);
    assertThat(adapter().stopping(ref, Instant.EPOCH)).isInstanceOf(Ended.class);
  }

  @Test
  void the_place_of_work_is_known_before_there_is_any() {
    adapter().discard(adapter().place("agents", "a", "uid-1"));
    var ref = adapter().submit(run("a", "uid-1"));
    assertThat(adapter().place("agents", "a", "uid-1").name()).isEqualTo(ref.name());
    adapter().discard(adapter().place("agents", "a", "uid-1"));
    assertThat(pieces()).isZero();
  }

  @Test
  void work_that_no_status_names_is_found() {
    var ref = adapter().submit(run("a", "uid-1"));
    assertThat(adapter().find("agents", "a", "uid-1")).contains(ref);
    assertThat(adapter().find("agents", "a", "uid-2")).isEmpty();
  }

  /** A small run. */
  protected static RunSpec run(String name, String uid) {
    return new RunSpec(
        new RunSpec.Owner(
            "agents", name, uid, "sample", "sample", null, "0af7651916cd43dd8448eb211c80319c"),
        new RunSpec.Documents("{}", "{}", List.of()),
        new RunSpec.Container(
            "image:1",
            "/bin/agent",
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            new Resources(Map.of(), Map.of()),
            Map.of()),
        new RunSpec.Pod(
            "default", false, Map.of(), List.of(), List.of(), Map.of(), Map.of(), null, null,
            List.of()),
        new RunSpec.Limits(0, null, null));
  }
}

package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.testing.FakeCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardsTest {
  private static final Key KEY = new Key("agents", "w");
  private static final String OURS = "test.jangar.dev/ours";

  private final FakeCluster cluster = new FakeCluster();
  private final Guards guards = new Guards(cluster);

  @Test
  void a_guard_that_is_on_costs_no_request() {
    var guarded = guards.add(Widgets.KIND, given(), OURS).orElseThrow();
    cluster.forgetRequests();
    assertThat(guards.add(Widgets.KIND, guarded, OURS)).contains(guarded);
    assertThat(cluster.requests()).isEmpty();
  }

  @Test
  void it_is_never_put_on_while_the_object_is_being_deleted() {
    var guarded = guards.add(Widgets.KIND, given(), "example.com/theirs").orElseThrow();
    cluster.delete(Widgets.TYPE, KEY, guarded.metadata().uid());
    var stale = guards.add(Widgets.KIND, guarded, OURS).orElseThrow();
    assertThat(stale.metadata().finalizers()).containsExactly("example.com/theirs");
  }

  @Test
  void taking_it_off_what_is_gone_is_success() {
    var guarded = guards.add(Widgets.KIND, given(), OURS).orElseThrow();
    guards.remove(Widgets.KIND, guarded, OURS);
    assertThat(cluster.cached(Widgets.KIND, KEY).orElseThrow().metadata().finalizers()).isEmpty();
    cluster.delete(Widgets.TYPE, KEY, guarded.metadata().uid());
    guards.remove(Widgets.KIND, guarded, OURS);
    assertThat(guards.add(Widgets.KIND, guarded, "x/y")).isEmpty();
  }

  @Test
  void a_stale_look_does_not_lose_another_s_finalizer() {
    var seen = given();
    guards.add(Widgets.KIND, seen, "example.com/theirs");
    var guarded = guards.add(Widgets.KIND, seen, OURS).orElseThrow();
    assertThat(guarded.metadata().finalizers()).isEqualTo(List.of("example.com/theirs", OURS));
  }

  private Resource<Widgets.Spec, Widgets.Status> given() {
    cluster.put(Widgets.widget("agents", "w"));
    return cluster.cached(Widgets.KIND, KEY).orElseThrow();
  }
}

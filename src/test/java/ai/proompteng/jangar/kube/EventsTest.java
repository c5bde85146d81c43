package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.testing.FakeCluster;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

  private final FakeCluster cluster = new FakeCluster();
  private final Meta object = given();

  @Test
  void the_same_is_said_once() {
    var events = new Events(cluster, CLOCK);
    events.normal(Widgets.KIND, object, "Submitted", "a Job was made");
    events.normal(Widgets.KIND, object, "Submitted", "a Job was made");
    assertThat(cluster.requests()).hasSize(1);
    var event = cluster.cached(ResourceType.EVENT, "agents").get(0);
    assertThat(event.getMetadata().getName()).matches("w-[0-9a-f]{8}-submitted");
    assertThat(event.getAdditionalProperties())
        .containsEntry("reason", "Submitted")
        .containsEntry("reportingComponent", "jangar");
  }

  @Test
  void one_that_exists_is_success() {
    new Events(cluster, CLOCK).warning(Widgets.KIND, object, "Failed", "it broke");
    new Events(cluster, CLOCK).warning(Widgets.KIND, object, "Failed", "it broke");
    assertThat(cluster.cached(ResourceType.EVENT, "agents")).hasSize(1);
  }

  @Test
  void one_that_cannot_be_written_stops_nobody_and_is_tried_again() {
    var events = new Events(cluster, CLOCK);
    cluster.fail(request -> true, new Unreachable("away"));
    events.normal(Widgets.KIND, object, "Submitted", "a Job was made");
    cluster.fail(request -> false, null);
    events.normal(Widgets.KIND, object, "Submitted", "a Job was made");
    assertThat(cluster.cached(ResourceType.EVENT, "agents")).hasSize(1);
  }

  @Test
  void one_object_has_so_many_a_minute_and_the_others_wait_for_a_later_one() {
    var now = new AtomicReference<>(CLOCK.instant());
    InstantSource clock = now::get;
    var events = new Events(cluster, clock.withZone(ZoneOffset.UTC), new Events.Limits(true, 2));
    for (int i = 0; i < 5; i++) {
      events.normal(Widgets.KIND, object, "Reason" + i, "said");
    }
    assertThat(cluster.cached(ResourceType.EVENT, "agents")).hasSize(2);
    now.set(now.get().plusSeconds(60));
    events.normal(Widgets.KIND, object, "Reason4", "said");
    assertThat(cluster.cached(ResourceType.EVENT, "agents")).hasSize(3);
  }

  @Test
  void none_is_written_where_none_is_wanted() {
    new Events(cluster, CLOCK, new Events.Limits(false, 60))
        .normal(Widgets.KIND, object, "Submitted", "a Job was made");
    assertThat(cluster.requests()).isEmpty();
  }

  private Meta given() {
    cluster.put(Widgets.widget("agents", "w"));
    return cluster
        .cached(Widgets.KIND, new ai.proompteng.jangar.core.Key("agents", "w"))
        .orElseThrow()
        .metadata();
  }
}

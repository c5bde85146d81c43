package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.testing.FakeCluster;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.987Z");
  private static final Key KEY = new Key("agents", "w");

  private final FakeCluster cluster = new FakeCluster();
  private final StatusWriter writer = new StatusWriter(cluster, Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void news_is_written_with_the_time() {
    var written = writer.write(Widgets.KIND, given(), now -> Widgets.Status.of("Ready"));
    assertThat(written.orElseThrow().status().phase()).isEqualTo("Ready");
    assertThat(written.get().status().updatedAt()).isEqualTo("2026-03-01T10:00:00Z");
  }

  @Test
  void no_news_costs_no_request() {
    var seen = writer.write(Widgets.KIND, given(), now -> ready("2026-01-01T00:00:00Z")).get();
    cluster.forgetRequests();
    var again = writer.write(Widgets.KIND, seen, now -> ready("2026-02-02T00:00:00Z"));
    assertThat(again).contains(seen);
    assertThat(cluster.requests()).isEmpty();
  }

  @Test
  void the_order_of_conditions_is_no_news() {
    var a = condition("A", "2026-01-01T00:00:00Z");
    var b = condition("B", "2026-01-01T00:00:00Z");
    var seen =
        writer
            .write(Widgets.KIND, given(), now -> new Widgets.Status("x", null, List.of(a, b)))
            .get();
    cluster.forgetRequests();
    writer.write(Widgets.KIND, seen, now -> new Widgets.Status("x", null, List.of(b, a)));
    assertThat(cluster.requests()).isEmpty();
  }

  @Test
  void a_conflict_is_computed_again_from_what_the_cache_has() {
    var seen = given();
    cluster.mergePatch(
        Widgets.TYPE, KEY, java.util.Map.of("spec", java.util.Map.of("colour", "green")));
    cluster.forgetRequests();
    var written = writer.write(Widgets.KIND, seen, now -> Widgets.Status.of(now.spec().colour()));
    assertThat(written.orElseThrow().status().phase()).isEqualTo("green");
    assertThat(cluster.requests())
        .containsExactly("status widgets agents/w", "status widgets agents/w");
  }

  @Test
  void after_four_conflicts_it_gives_up() {
    var seen = given();
    var tries = new AtomicInteger();
    cluster.fail(request -> request.startsWith("status"), new Conflict("moved on", null));
    assertThatThrownBy(
            () ->
                writer.write(
                    Widgets.KIND, seen, now -> Widgets.Status.of("try " + tries.incrementAndGet())))
        .isInstanceOf(Conflict.class);
    assertThat(tries).hasValue(4);
  }

  @Test
  void what_is_gone_or_another_is_not_written() {
    var seen = given();
    cluster.delete(Widgets.TYPE, KEY, seen.metadata().uid());
    assertThat(writer.write(Widgets.KIND, seen, now -> Widgets.Status.of("Ready"))).isEmpty();
    given();
    assertThat(writer.write(Widgets.KIND, seen, now -> Widgets.Status.of("Ready"))).isEmpty();
  }

  private Resource<Widgets.Spec, Widgets.Status> given() {
    cluster.put(Widgets.widget("agents", "w"));
    return cluster.cached(Widgets.KIND, KEY).orElseThrow();
  }

  private static Widgets.Status ready(String since) {
    return new Widgets.Status("Ready", null, List.of(condition("Ready", since)));
  }

  private static Condition condition(String type, String since) {
    return new Condition(type, "True", "Reconciled", "", Instant.parse(since));
  }
}

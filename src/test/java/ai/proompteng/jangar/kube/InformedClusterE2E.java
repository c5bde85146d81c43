package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@NeedsCluster
class InformedClusterE2E {
  private static TestCluster real;
  private static String first;
  private static String second;
  private static String foreign;
  private static KubernetesClient client;
  private static InformedCluster cluster;

  @BeforeAll
  static void start(TestCluster given) {
    real = given;
    real.applyCrds(Widgets.crd("widgets", "Widget"));
    first = real.namespace();
    second = real.newNamespace();
    foreign = real.newNamespace();
    client =
        ClusterClients.open(
            real.rightsOf(Widgets.RIGHTS, first, second).config(), Duration.ofSeconds(5));
    cluster = new InformedCluster(client, List.of(first, second), InformedCluster.Limits.DEFAULT);
    cluster.watch(Widgets.TYPE, null);
    await().until(() -> cluster.synced(Widgets.TYPE));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
      client.close();
    }
  }

  @Test
  void an_own_write_is_seen_at_once() {
    var key = new Key(first, "at-once");
    for (int i = 0; i < 20; i++) {
      var made = cluster.create(Widgets.widget(first, "at-once"));
      assertThat(cluster.cached(Widgets.TYPE, key)).isPresent();
      cluster.mergePatch(Widgets.TYPE, key, Map.of("spec", Map.of("colour", "blue")));
      assertThat(cluster.cached(Widgets.KIND, key).orElseThrow().spec().colour()).isEqualTo("blue");
      assertThat(cluster.delete(Widgets.TYPE, key, made.getMetadata().getUid())).isTrue();
      assertThat(cluster.cached(Widgets.TYPE, key)).isEmpty();
    }
    await()
        .untilAsserted(
            () -> assertThat(cluster.cached(Widgets.TYPE, first)).noneMatch(named("at-once")));
  }

  @Test
  void a_stranger_s_write_after_ours_is_seen_too() {
    var key = new Key(first, "stranger");
    cluster.create(Widgets.widget(first, "stranger"));
    widgets(first).withName("stranger").edit(w -> painted(w, "green"));
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.cached(Widgets.KIND, key).orElseThrow().spec().colour())
                    .isEqualTo("green"));
    widgets(first).withName("stranger").delete();
    await().until(() -> cluster.cached(Widgets.TYPE, key).isEmpty());
  }

  @Test
  void an_object_that_its_finalizer_holds_is_seen_as_deleting_then_gone() {
    var key = new Key(first, "held");
    var held = Widgets.widget(first, "held");
    held.getMetadata().setFinalizers(List.of("test.jangar.dev/hold"));
    var made = cluster.create(held);
    cluster.delete(Widgets.TYPE, key, made.getMetadata().getUid());
    var deleting = cluster.cached(Widgets.KIND, key).orElseThrow();
    assertThat(deleting.metadata().deleting()).isTrue();
    new Guards(cluster).remove(Widgets.KIND, deleting, "test.jangar.dev/hold");
    assertThat(cluster.cached(Widgets.TYPE, key)).isEmpty();
  }

  @Test
  void a_stale_status_is_refused_and_computed_again() {
    var key = new Key(first, "stale");
    cluster.create(Widgets.widget(first, "stale"));
    var seen = cluster.cached(Widgets.KIND, key).orElseThrow();
    widgets(first).withName("stale").edit(w -> painted(w, "green"));
    var meta = seen.metadata();
    assertThatThrownBy(
            () ->
                cluster.replaceStatus(
                    Widgets.TYPE, key, meta.uid(), meta.resourceVersion(), Map.of("phase", "X")))
        .isInstanceOf(Conflict.class);
    var written =
        new StatusWriter(cluster, Clock.systemUTC())
            .write(Widgets.KIND, seen, now -> Widgets.Status.of("saw " + now.spec().colour()));
    assertThat(written.orElseThrow().status().phase()).isEqualTo("saw green");
    assertThat(written.get().status().updatedAt()).isNotNull();
    var again =
        new StatusWriter(cluster, Clock.systemUTC())
            .write(Widgets.KIND, written.get(), now -> Widgets.Status.of("saw green"));
    assertThat(again.orElseThrow().metadata().resourceVersion())
        .isEqualTo(written.get().metadata().resourceVersion());
  }

  @Test
  void another_s_finalizer_survives_the_guard() {
    var key = new Key(first, "guarded");
    cluster.create(Widgets.widget(first, "guarded"));
    var seen = cluster.cached(Widgets.KIND, key).orElseThrow();
    widgets(first)
        .withName("guarded")
        .edit(
            w -> {
              w.addFinalizer("example.com/theirs");
              return w;
            });
    var guarded = new Guards(cluster).add(Widgets.KIND, seen, "test.jangar.dev/ours").orElseThrow();
    assertThat(guarded.metadata().finalizers())
        .containsExactly("example.com/theirs", "test.jangar.dev/ours");
    new Guards(cluster).remove(Widgets.KIND, guarded, "test.jangar.dev/ours");
    assertThat(cluster.cached(Widgets.KIND, key).orElseThrow().metadata().finalizers())
        .containsExactly("example.com/theirs");
    widgets(first)
        .withName("guarded")
        .edit(
            w -> {
              w.removeFinalizer("example.com/theirs");
              return w;
            });
  }

  @Test
  void an_object_of_that_name_with_another_uid_is_left_alone() {
    var key = new Key(first, "other-uid");
    cluster.create(Widgets.widget(first, "other-uid"));
    assertThat(cluster.delete(Widgets.TYPE, key, "0c0ffee0-0000-4000-8000-000000000000")).isFalse();
    assertThat(cluster.read(Widgets.TYPE, key)).isPresent();
    assertThatThrownBy(() -> cluster.create(Widgets.widget(first, "other-uid")))
        .isInstanceOf(AlreadyExists.class);
  }

  @Test
  void an_object_that_does_not_decode_stops_nobody() {
    var odd = Widgets.widget(first, "odd");
    odd.setAdditionalProperty("spec", "a string where a map should be");
    widgets(first).resource(odd).create();
    cluster.create(Widgets.widget(first, "plain"));
    widgets(first).resource(Widgets.widget(first, "after-odd")).create();
    await().until(() -> cluster.cached(Widgets.TYPE, new Key(first, "after-odd")).isPresent());
    assertThat(cluster.cached(Widgets.TYPE, new Key(first, "odd"))).isPresent();
  }

  @Test
  void both_namespaces_are_watched_and_no_other_is_touched() {
    var heard = new CopyOnWriteArrayList<String>();
    try (var listening =
        cluster.listen(
            Widgets.TYPE,
            (old, now) -> {
              if (now != null) {
                heard.add(now.getMetadata().getNamespace() + "/" + now.getMetadata().getName());
              }
            })) {
      widgets(foreign).resource(Widgets.widget(foreign, "far")).create();
      widgets(first).resource(Widgets.widget(first, "near")).create();
      widgets(second).resource(Widgets.widget(second, "near")).create();
      await().untilAsserted(() -> assertThat(heard).contains(first + "/near", second + "/near"));
      assertThat(listening).isNotNull();
    }
    assertThat(heard).noneMatch(key -> key.startsWith(foreign));
    assertThat(cluster.cached(Widgets.TYPE, new Key(foreign, "far"))).isEmpty();
    assertThat(cluster.read(Widgets.TYPE, new Key(foreign, "far"))).isEmpty();
    assertThatThrownBy(() -> cluster.create(Widgets.widget(foreign, "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_object_that_the_server_finds_wrong_is_rejected() {
    var wrong = Widgets.widget(first, "Not_A_Name");
    assertThatThrownBy(() -> cluster.create(wrong)).isInstanceOf(Rejected.class);
  }

  private static GenericKubernetesResource painted(
      GenericKubernetesResource widget, String colour) {
    widget.setAdditionalProperty("spec", Map.of("colour", colour));
    return widget;
  }

  private static java.util.function.Predicate<GenericKubernetesResource> named(String name) {
    return object -> object.getMetadata().getName().equals(name);
  }

  private static NonNamespaceOperation<
          GenericKubernetesResource, ?, Resource<GenericKubernetesResource>>
      widgets(String namespace) {
    MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> all =
        real.client().genericKubernetesResources("test.jangar.dev/v1", "Widget");
    return all.inNamespace(namespace);
  }
}

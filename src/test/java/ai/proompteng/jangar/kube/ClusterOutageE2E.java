package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.Rights;
import ai.proompteng.jangar.testing.TcpProxy;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NeedsCluster
class ClusterOutageE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestCluster real;
  private final Rights rights;
  private KubernetesClient client;
  private InformedCluster cluster;

  ClusterOutageE2E(TestCluster real) {
    this.real = real;
    this.rights = real.rightsOf(Widgets.RIGHTS, real.namespace());
  }

  @BeforeEach
  void crd() {
    real.applyCrds(Widgets.crd("widgets", "Widget"));
  }

  @AfterEach
  void close() {
    cluster.close();
    client.close();
  }

  @Test
  void an_api_server_that_is_absent_at_the_start_is_found_later() {
    try (var wire = wire()) {
      connect(through(wire));
      cluster.watch(Widgets.TYPE, null);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(cluster.troubles()).containsEntry(Widgets.TYPE, "unreachable"));
      assertThat(cluster.synced(Widgets.TYPE)).isFalse();
      wire.join();
      await().atMost(PATIENCE).until(() -> cluster.synced(Widgets.TYPE));
      await().atMost(PATIENCE).until(() -> cluster.troubles().isEmpty());
    }
  }

  @Test
  void what_happened_while_the_watch_was_cut_is_seen_after_it() {
    try (var wire = wire()) {
      wire.join();
      connect(through(wire));
      cluster.watch(Widgets.TYPE, null);
      await().atMost(PATIENCE).until(() -> cluster.synced(Widgets.TYPE));
      var doomed = new Key(real.namespace(), "doomed");
      cluster.create(Widgets.widget(real.namespace(), "doomed"));
      await().atMost(PATIENCE).until(() -> cluster.troubles().isEmpty());
      wire.cut();
      widgets().withName("doomed").delete();
      widgets().resource(Widgets.widget(real.namespace(), "born")).create();
      assertThat(cluster.cached(Widgets.TYPE, doomed)).as("what was known serves").isPresent();
      assertThatThrownBy(() -> cluster.read(Widgets.TYPE, doomed)).isInstanceOf(Unreachable.class);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(cluster.troubles()).containsEntry(Widgets.TYPE, "unreachable"));
      wire.join();
      await().atMost(PATIENCE).until(() -> cluster.cached(Widgets.TYPE, doomed).isEmpty());
      await()
          .atMost(PATIENCE)
          .until(() -> cluster.cached(Widgets.TYPE, new Key(real.namespace(), "born")).isPresent());
    }
  }

  @Test
  void a_watch_whose_connection_died_without_a_word_is_taken_up_again() {
    try (var wire = wire()) {
      wire.join();
      client = ClusterClients.open(through(wire), Duration.ofSeconds(5), Duration.ofSeconds(3));
      cluster =
          new InformedCluster(client, List.of(real.namespace()), InformedCluster.Limits.DEFAULT);
      cluster.watch(Widgets.TYPE, null);
      await().atMost(PATIENCE).until(() -> cluster.troubles().isEmpty());
      wire.freeze();
      widgets().resource(Widgets.widget(real.namespace(), "unheard")).create();
      var unheard = new Key(real.namespace(), "unheard");
      assertThatThrownBy(() -> cluster.read(Widgets.TYPE, unheard)).isInstanceOf(Unreachable.class);
      wire.thaw();
      await().atMost(PATIENCE).until(() -> cluster.cached(Widgets.TYPE, unheard).isPresent());
    }
  }

  @Test
  void who_catches_up_sees_what_others_did_while_its_watch_was_dead() throws Exception {
    try (var wire = wire()) {
      wire.join();
      connect(through(wire));
      cluster.watch(Widgets.TYPE, null);
      cluster.watch(ResourceType.POD, null);
      await().atMost(PATIENCE).until(() -> cluster.troubles().isEmpty());
      var told = new CopyOnWriteArrayList<String>();
      cluster.create(Widgets.widget(real.namespace(), "leaving"));
      var leaving = new Key(real.namespace(), "leaving");
      cluster.listen(Widgets.TYPE, (old, now) -> told.add(now == null ? "gone" : "there"));
      wire.freeze();
      widgets().withName("leaving").delete();
      widgets().resource(Widgets.widget(real.namespace(), "coming")).create();
      wire.thaw(); // what was connected stays dead, without a word

      assertThat(cluster.catchUp(() -> true)).isTrue();

      assertThat(cluster.cached(Widgets.TYPE, leaving)).isEmpty();
      var coming = new Key(real.namespace(), "coming");
      assertThat(cluster.cached(Widgets.TYPE, coming)).isPresent();
      assertThat(told).contains("gone", "there");
      widgets().withName("coming").delete();
      await().atMost(PATIENCE).until(() -> cluster.cached(Widgets.TYPE, coming).isEmpty());
    }
  }

  @Test
  void who_catches_up_waits_for_no_kind_that_is_missing_and_not_once_nobody_wants_it()
      throws Exception {
    connect(real.config());
    cluster.watch(new ResourceType("test.jangar.dev", "v1", "Never", "nevers"), null);
    cluster.watch(Widgets.TYPE, null);
    assertThat(cluster.catchUp(() -> true)).isTrue();
    assertThat(cluster.synced(Widgets.TYPE)).isTrue();
    assertThat(cluster.catchUp(() -> false)).isFalse();
  }

  @Test
  void a_kind_that_is_missing_is_picked_up_once_it_is_there() {
    var plural = "late" + UUID.randomUUID().toString().substring(0, 6);
    var type = new ResourceType("test.jangar.dev", "v1", "L" + plural, plural);
    connect(rights.config());
    cluster.watch(type, null);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(cluster.troubles()).containsEntry(type, "missing"));
    real.applyCrds(Widgets.crd(plural, "L" + plural));
    try {
      await().atMost(PATIENCE).until(() -> cluster.synced(type) && cluster.troubles().isEmpty());
    } finally {
      real.client()
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(plural + ".test.jangar.dev")
          .delete();
    }
  }

  @Test
  void a_kind_that_is_forbidden_is_picked_up_once_it_is_allowed() {
    rights.change(
        real.namespace(), rule -> rule.getApiGroups().contains("test.jangar.dev") ? null : rule);
    connect(rights.config());
    cluster.watch(Widgets.TYPE, null);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(cluster.troubles()).containsEntry(Widgets.TYPE, "forbidden"));
    rights.restore(real.namespace());
    await()
        .atMost(PATIENCE)
        .until(() -> cluster.synced(Widgets.TYPE) && cluster.troubles().isEmpty());
  }

  private void connect(Config config) {
    client = ClusterClients.open(config, Duration.ofSeconds(5));
    cluster =
        new InformedCluster(client, List.of(real.namespace()), InformedCluster.Limits.DEFAULT);
  }

  private TcpProxy wire() {
    return new TcpProxy(URI.create(real.config().getMasterUrl()).getPort());
  }

  private Config through(TcpProxy wire) {
    return new ConfigBuilder(rights.config())
        .withMasterUrl("https://127.0.0.1:" + wire.port())
        .build();
  }

  private io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
          io.fabric8.kubernetes.api.model.GenericKubernetesResource,
          ?,
          io.fabric8.kubernetes.client.dsl.Resource<
              io.fabric8.kubernetes.api.model.GenericKubernetesResource>>
      widgets() {
    return real.client()
        .genericKubernetesResources("test.jangar.dev/v1", "Widget")
        .inNamespace(real.namespace());
  }
}

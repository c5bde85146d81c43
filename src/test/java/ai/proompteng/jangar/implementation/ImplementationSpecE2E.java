package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.InformedCluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.store.Delivery;
import ai.proompteng.jangar.store.Endings;
import ai.proompteng.jangar.testing.Leading;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NeedsCluster
class ImplementationSpecE2E {
  private static final Instant T0 = Instant.parse("2026-11-01T10:00:00Z");
  private static final ResourceType TYPE = ResourceType.of(Kind.IMPLEMENTATION_SPEC);

  private final TestCluster server;
  private final List<Process> processes = new ArrayList<>();
  private final List<Event> outbox = new ArrayList<>();

  ImplementationSpecE2E(TestCluster server) {
    this.server = server;
  }

  @BeforeEach
  void start() throws Exception {
    processes.add(new Process());
    processes.add(new Process());
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::close);
  }

  @Test
  void two_processes_that_are_told_of_one_issue_make_one_spec_of_its_newest_state() {
    var halves =
        processes.stream()
            .map(
                process ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = processes.indexOf(process); i < 50; i += 2) {
                            process.drain(issue(i));
                          }
                        }))
            .toList();
    halves.forEach(CompletableFuture::join);

    var key = new Key(server.namespace(), "octo-hello-1-impl");
    var first = processes.get(0);
    assertThat(first.read(key).spec().summary()).isEqualTo("title 49");
    assertThat(SpecText.bytes(first.read(key).spec().text())).isEqualTo(131_072);
    assertThat(first.read(key).metadata().annotations())
        .containsEntry(WellKnown.SOURCE_VERSION, T0.plusSeconds(49).toString());
    await()
        .untilAsserted(
            () -> assertThat(first.versionCached(key)).isEqualTo(T0.plusSeconds(49).toString()));
    assertThat(first.cluster.cached(TYPE, server.namespace())).hasSize(1);

    first.ring(key);
    var told = first.read(key);
    assertThat(Conditions.holds(told.status().conditions(), "Ready")).isTrue();
    assertThat(told.status().sourceVersion()).isEqualTo(T0.plusSeconds(49).toString());
    first.ring(key);
    assertThat(first.read(key).metadata().resourceVersion())
        .isEqualTo(told.metadata().resourceVersion());
    assertThat(outbox).extracting(Event::type).containsExactly("spec.ready");
  }

  private WorkItem issue(int i) {
    var item =
        Items.issue(
            "hello",
            T0.plusSeconds(i),
            "open",
            "title " + i,
            "é\0😀".repeat(30_000),
            List.of("jangar"));
    return new WorkItem(
        item.source(),
        server.namespace(),
        "route:none",
        item.provider(),
        item.externalId(),
        item.sourceId(),
        item.deliveryId(),
        item.version(),
        item.event(),
        item.action(),
        item.state(),
        item.summary(),
        item.text(),
        item.labels(),
        null,
        item.url(),
        null,
        item.bodySha256());
  }

  /** What one server process has of all this. */
  private final class Process {
    private final KubernetesClient client = server.client(server.server().config());
    private final InformedCluster cluster;
    private final DefaultCamelContext camel = new DefaultCamelContext();

    Process() throws Exception {
      var clock = Clock.systemUTC();
      cluster =
          new InformedCluster(client, List.of(server.namespace()), InformedCluster.Limits.DEFAULT);
      cluster.watch(TYPE, null);
      var index = new SpecIndex(cluster);
      var events = new Events(cluster, clock);
      var imports = new ImportProcessor(cluster, index, Endings.NONE, events, clock);
      var specs =
          new SpecProcessors(cluster, outbox::add, new StatusWriter(cluster, clock), events, clock);
      Leading.in(camel);
      camel.addComponent("jangar", new DirectComponent());
      camel.addComponent("reconcile", new DirectComponent());
      camel.addRoutes(new DrainRoutes(imports, Duration.ofMillis(50)));
      camel.addRoutes(new SpecRoutes(specs));
      camel.start();
      await().until(() -> cluster.synced(TYPE));
    }

    /** As the ledger does it: what did not answer is asked again. */
    void drain(WorkItem item) {
      var delivery = new Delivery(UUID.randomUUID(), "lease", "key", item, 1, Instant.EPOCH);
      try {
        camel.createProducerTemplate().requestBody("jangar:ledger", delivery);
      } catch (CamelExecutionException e) {
        assertThat(e).hasCauseInstanceOf(Unreachable.class);
        drain(item);
      }
    }

    void ring(Key key) {
      camel.createProducerTemplate().sendBody("reconcile:implementationspecs", key);
    }

    Resource<ImplementationSpecSpec, ImplementationSpecStatus> read(Key key) {
      return cluster.read(Kind.IMPLEMENTATION_SPEC, key).orElseThrow();
    }

    String versionCached(Key key) {
      var object = cluster.cached(Kind.IMPLEMENTATION_SPEC, key).orElseThrow();
      return object.metadata().annotations().get(WellKnown.SOURCE_VERSION);
    }

    void close() {
      camel.stop();
      cluster.close();
      client.close();
    }
  }
}

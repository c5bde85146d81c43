package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.Rights;
import ai.proompteng.jangar.testing.TcpProxy;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who leads, on a real API server, with a Lease of 5, 4 and 1 seconds. */
@NeedsCluster
@Tag("slow")
class LeaderE2E {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration RENEW = Duration.ofSeconds(4);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestCluster real;
  private final String name = "jangar-controller-leader";
  private final String namespace;
  private final Rights server;
  private final AtomicInteger term = new AtomicInteger();
  private final List<AutoCloseable> made = new ArrayList<>();

  LeaderE2E(TestCluster real) {
    this.real = real;
    this.namespace = real.newNamespace();
    this.server = real.rights(Rights.Account.SERVER, namespace);
  }

  @AfterEach
  void close() throws Exception {
    for (var part : made) {
      part.close();
    }
  }

  @Test
  void one_of_two_leads_and_the_other_takes_its_place_when_it_stops() {
    var one = leader(server.config());
    var told = told(one);
    one.start();
    await().atMost(PATIENCE).until(one::leads);
    var other = leader(server.config());
    other.start();
    await().atMost(PATIENCE).until(() -> other.facts().holder().isPresent());
    assertThat(other.leads()).isFalse();
    var before = spec();
    assertThat(before.getHolderIdentity()).isEqualTo(one.facts().identity().orElseThrow());

    one.close();

    assertThat(told).containsExactly(true, false);
    await().atMost(Duration.ofSeconds(3)).until(other::leads);
    assertThat(spec().getHolderIdentity()).isEqualTo(other.facts().identity().orElseThrow());
    assertThat(spec().getAcquireTime()).isAfter(before.getAcquireTime());
    assertThat(spec().getLeaseTransitions()).isEqualTo(before.getLeaseTransitions() + 1);
  }

  @Test
  void the_lease_is_given_back_after_what_hangs_on_it_has_stopped() {
    var holders = new CopyOnWriteArrayList<String>();
    var one = leader(server.config());
    one.listen(
        now -> {
          if (!now) {
            await().pollDelay(LEASE.plus(RETRY)).until(() -> true); // slow work ends
            holders.add(String.valueOf(spec().getHolderIdentity()));
          }
        });
    one.start();
    await().atMost(PATIENCE).until(one::leads);
    var mine = one.facts().identity().orElseThrow();
    one.close();
    assertThat(holders).as("kept while the work ended").containsExactly(mine);
    assertThat(spec().getHolderIdentity()).isNullOrEmpty();
  }

  @Test
  void a_leader_that_is_cut_off_stops_by_its_deadline_though_its_call_hangs() {
    try (var wire = wire()) {
      wire.join();
      var one = leader(through(wire));
      var told = told(one);
      one.start();
      await().atMost(PATIENCE).until(one::leads);
      var first = one.facts().identity();
      var other = leader(server.config());
      other.start();
      await().atMost(PATIENCE).until(() -> other.facts().holder().isPresent());

      wire.freeze();
      await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> !one.leads());
      assertThat(other.leads()).as("nobody leads before the first has stopped").isFalse();
      await().atMost(PATIENCE).until(other::leads);
      await().atMost(PATIENCE).until(() -> told.size() == 2);
      wire.thaw();

      await().atMost(PATIENCE).until(() -> one.facts().lastError().isEmpty());
      other.close();
      await().atMost(PATIENCE).until(one::leads);
      assertThat(one.facts().identity()).isNotEqualTo(first);
      assertThat(told).containsExactly(true, false, true);
    }
  }

  @Test
  void a_call_that_fails_does_not_end_the_term() {
    try (var wire = wire()) {
      wire.join();
      var one = leader(through(wire), Duration.ofSeconds(60), Duration.ofSeconds(50));
      var told = told(one);
      one.start();
      await().atMost(PATIENCE).until(one::leads);
      wire.cut();
      await().atMost(PATIENCE).until(() -> one.facts().lastError().isPresent());
      assertThat(one.leads()).isTrue();
      wire.join();
      await().atMost(PATIENCE).until(() -> one.facts().lastError().isEmpty());
      assertThat(told).containsExactly(true);
    }
  }

  @Test
  void a_leader_whose_writes_are_refused_steps_down() {
    var controllers = real.rights(Rights.Account.CONTROLLERS, namespace);
    var one = leader(controllers.config());
    var other = leader(server.config());
    one.start();
    await().atMost(PATIENCE).until(one::leads);
    other.start();
    await().atMost(PATIENCE).until(() -> other.facts().holder().isPresent());
    controllers.change(
        namespace,
        rule -> {
          rule.getVerbs().removeAll(List.of("create", "update"));
          return rule.getVerbs().isEmpty() ? null : rule;
        });
    await().atMost(PATIENCE).until(() -> !one.leads());
    assertThat(other.leads()).isFalse();
    await().atMost(PATIENCE).until(other::leads);
    assertThat(one.facts().lastError()).isPresent();
    assertThat(one.beats()).isTrue();
  }

  @Test
  void a_lease_that_is_deleted_by_hand_is_written_again_and_stays_whose_it_was() {
    var one = leader(server.config());
    var told = told(one);
    one.start();
    await().atMost(PATIENCE).until(one::leads);
    var other = leader(server.config());
    other.start();
    await().atMost(PATIENCE).until(() -> other.facts().holder().isPresent());
    for (int i = 0; i < 3; i++) {
      lease().delete();
      await().atMost(PATIENCE).until(() -> lease().get() != null);
      var written = spec().getRenewTime();
      await() // long enough for the other to have seen it
          .atMost(PATIENCE)
          .until(() -> spec().getRenewTime().isAfter(written.plus(RETRY.multipliedBy(2))));
    }
    assertThat(spec().getHolderIdentity()).isEqualTo(one.facts().identity().orElseThrow());
    assertThat(told).containsExactly(true);
    assertThat(other.leads()).isFalse();
  }

  @Test
  void a_lease_of_another_shape_is_taken() {
    lease().delete();
    real.client()
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("kept", "yes")
                .endMetadata()
                .build())
        .create();
    var one = leader(server.config());
    one.start();
    await().atMost(PATIENCE).until(one::leads);
    assertThat(lease().get().getMetadata().getLabels()).containsEntry("kept", "yes");
  }

  @Test
  void terms_that_come_and_go_leave_nothing_behind() {
    var one = leader(server.config());
    var told = told(one);
    one.start();
    await().atMost(PATIENCE).until(one::leads);
    long before = threads();
    int terms = 5;
    for (int i = 0; i < terms; i++) {
      steal();
      await().atMost(PATIENCE).until(() -> !one.leads());
      await().atMost(PATIENCE).until(one::leads);
    }
    await().atMost(PATIENCE).until(() -> told.size() == 1 + 2 * terms);
    assertThat(threads()).isLessThanOrEqualTo(before);
    one.close();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(threadNames()).noneMatch(n -> n.startsWith("jangar-lead")));
  }

  /** Somebody else writes its name there, and is never heard of again. */
  private void steal() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions() // it may be renewed meanwhile
        .until(
            () ->
                lease()
                    .edit(
                        it ->
                            new LeaseBuilder(it)
                                .editSpec()
                                .withHolderIdentity("thief-" + term.incrementAndGet())
                                .withLeaseDurationSeconds(1)
                                .endSpec()
                                .build()),
            Objects::nonNull);
  }

  private static long threads() {
    return threadNames().stream().filter(n -> n.startsWith("jangar-lead")).count();
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  private static List<Boolean> told(Leader leader) {
    var told = new CopyOnWriteArrayList<Boolean>();
    leader.listen(told::add);
    return told;
  }

  private Leader leader(Config config) {
    return leader(config, LEASE, RENEW);
  }

  private Leader leader(Config config, Duration lease, Duration renew) {
    var leader =
        new ElectedLeader(
            new ElectedLeader.Terms(namespace, name, lease, renew, RETRY),
            config,
            () -> "server_" + term.incrementAndGet(),
            Clock.systemUTC(),
            System::nanoTime);
    made.add(leader);
    return leader;
  }

  private Resource<Lease> lease() {
    return real.client().leases().inNamespace(namespace).withName(name);
  }

  private LeaseSpec spec() {
    return lease().get().getSpec();
  }

  private TcpProxy wire() {
    return new TcpProxy(URI.create(real.config().getMasterUrl()).getPort());
  }

  private Config through(TcpProxy wire) {
    return new ConfigBuilder(server.config())
        .withMasterUrl("https://127.0.0.1:" + wire.port())
        .build();
  }
}

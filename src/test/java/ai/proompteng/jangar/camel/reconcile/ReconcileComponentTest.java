package ai.proompteng.jangar.camel.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.testing.FakeCluster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReconcileComponentTest {
  private final FakeCluster cluster = new FakeCluster();
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<Key> passes = new CopyOnWriteArrayList<>();
  private volatile Consumer<Exchange> hands = exchange -> {};

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void what_is_there_at_the_start_rings_and_so_does_every_change() throws Exception {
    cluster.given(run("old", "Succeeded"));
    start("reconcile:agentruns");
    await().until(() -> passes.contains(key("old")));
    cluster.given(run("new", "Pending"));
    await().until(() -> passes.contains(key("new")));
  }

  @Test
  void a_job_rings_the_run_that_controls_it_and_a_pod_the_run_on_its_label() throws Exception {
    start("reconcile:agentruns?owns=jobs,pods");
    cluster.given(
        """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: a-job
          namespace: agents
          ownerReferences:
            - { apiVersion: agents.proompteng.ai/v1alpha1, kind: AgentRun, name: owner, uid: u, controller: true }
        """);
    await().until(() -> passes.contains(key("owner")));
    cluster.given(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: a-pod
          namespace: agents
          labels: { agents.proompteng.ai/agent-run: labelled }
          ownerReferences:
            - { apiVersion: batch/v1, kind: Job, name: a-job, uid: j, controller: true }
        """);
    await().until(() -> passes.contains(key("labelled")));
  }

  @Test
  void a_used_object_rings_its_active_users_and_no_others() throws Exception {
    cluster.given(run("active", "Running"));
    cluster.given(run("over", "Failed"));
    start("reconcile:agentruns?uses=agents,agentproviders,implementationspecs");
    await().until(() -> passes.contains(key("active")) && passes.contains(key("over")));
    passes.clear();
    cluster.given(agent("coder", "codex"));
    await().until(() -> passes.contains(key("active")));
    assertThat(passes).doesNotContain(key("over"));
    passes.clear();
    cluster.given(provider("codex"));
    await().untilAsserted(() -> assertThat(passes).containsExactly(key("active")));
    passes.clear();
    cluster.given(provider("another"));
    cluster.given(run("active", "Succeeded"));
    await().until(() -> passes.contains(key("active")));
    passes.clear();
    cluster.given(agent("coder", "codex"));
    cluster.given(run("last", "Pending"));
    await().until(() -> passes.contains(key("last")));
    assertThat(passes).as("finished since").doesNotContain(key("active"));
  }

  @Test
  void a_bean_may_say_what_an_object_uses() throws Exception {
    References mine = object -> Set.of(new References.Reference("agents", "always"));
    camel.getRegistry().bind("mine", References.class, mine);
    cluster.given(run("user", "Succeeded"));
    start("reconcile:agentruns?uses=agents&references=mine");
    await().until(() -> passes.contains(key("user")));
    passes.clear();
    cluster.given(agent("always", "codex"));
    await().until(() -> passes.contains(key("user")));
  }

  @Test
  void a_failed_exchange_comes_back() throws Exception {
    var tries = new AtomicInteger();
    hands =
        exchange -> {
          if (tries.incrementAndGet() < 3) {
            throw new IllegalStateException("not yet");
          }
        };
    cluster.given(run("tough", "Pending"));
    start("reconcile:agentruns?backoff=20ms&maximumBackoff=100ms");
    await().until(() -> tries.get() == 3);
    assertThat(passes).containsOnly(key("tough"));
  }

  @Test
  void an_exchange_may_ask_to_be_rung_again() throws Exception {
    hands =
        exchange -> {
          if (passes.size() < 3) {
            exchange.setProperty("JangarRequeueAfter", Duration.ofMillis(20));
          }
        };
    cluster.given(run("patient", "Pending"));
    start("reconcile:agentruns");
    await().until(() -> passes.size() == 3);
  }

  @Test
  void the_resync_rings_what_is_not_at_rest() throws Exception {
    cluster.given(run("open", "Running"));
    cluster.given(run("over", "Succeeded"));
    start("reconcile:agentruns?resync=50ms");
    await().until(() -> passes.stream().filter(key("open")::equals).count() >= 3);
    assertThat(passes.stream().filter(key("over")::equals)).hasSize(1);
  }

  @Test
  void a_producer_rings_the_key_in_its_body() throws Exception {
    start("reconcile:agentruns");
    try (var template = camel.createProducerTemplate()) {
      template.sendBody("reconcile:agentruns", key("by-hand"));
      await().until(() -> passes.contains(key("by-hand")));
      template.sendBody("reconcile:agents", key("nobody-listens"));
    }
  }

  @Test
  void a_stop_waits_for_the_key_in_progress_and_a_start_rings_everything() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var finished = new AtomicInteger();
    hands =
        exchange -> {
          inside.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          finished.incrementAndGet();
        };
    cluster.given(run("slow", "Running"));
    start("reconcile:agentruns");
    inside.await();
    var stopping =
        CompletableFuture.runAsync(
            () -> {
              try {
                camel.getRoute("loop").getConsumer().stop();
              } catch (RuntimeException e) {
                throw new IllegalStateException(e);
              }
            });
    cluster.given(run("while-stopping", "Running"));
    goOn.countDown();
    stopping.join();
    assertThat(finished).hasPositiveValue();
    passes.clear();
    cluster.given(run("while-stopped", "Running"));
    assertThat(passes).isEmpty();
    camel.getRoute("loop").getConsumer().start();
    await()
        .untilAsserted(
            () ->
                assertThat(passes)
                    .contains(key("slow"), key("while-stopping"), key("while-stopped")));
    passes.clear();
    cluster.given(run("after", "Running"));
    await().until(() -> passes.contains(key("after")));
    assertThat(passes).as("the bells of the first start are silent").containsOnlyOnce(key("after"));
  }

  @Test
  void a_route_that_a_policy_or_an_operator_stops_is_silent_until_it_starts_again()
      throws Exception {
    start("reconcile:agentruns?resync=20ms");
    camel.getRouteController().stopRoute("loop");
    cluster.given(run("unheard", "Running"));
    try (var template = camel.createProducerTemplate()) {
      template.sendBody("reconcile:agentruns", key("by-hand"));
    }
    assertThat(passes).isEmpty();
    camel.getRouteController().startRoute("loop");
    await().until(() -> passes.contains(key("unheard")));
  }

  @Test
  void the_namespace_option_leaves_others_alone() throws Exception {
    cluster.given(run("here", "Running"));
    start("reconcile:agentruns?namespace=elsewhere");
    try (var template = camel.createProducerTemplate()) {
      template.sendBody("reconcile:agentruns", new Key("elsewhere", "there"));
    }
    await().until(() -> passes.contains(new Key("elsewhere", "there")));
    assertThat(passes).doesNotContain(key("here"));
  }

  @Test
  void at_most_so_many_keys_at_once_as_the_option_says() throws Exception {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var done = new AtomicInteger();
    hands =
        exchange -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          now.decrementAndGet();
          done.incrementAndGet();
        };
    for (int i = 0; i < 50; i++) {
      cluster.given(run("run-" + i, "Running"));
    }
    start("reconcile:agentruns?concurrency=2");
    await().until(() -> done.get() >= 50);
    assertThat(most.get()).isBetween(1, 2);
  }

  private void start(String uri) throws Exception {
    camel.getRegistry().bind("cluster", Cluster.class, cluster);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from(uri)
                .routeId("loop")
                .process(
                    exchange -> {
                      passes.add(exchange.getMessage().getMandatoryBody(Key.class));
                      hands.accept(exchange);
                    });
          }
        });
    camel.start();
  }

  private static Key key(String name) {
    return new Key("agents", name);
  }

  private static String run(String name, String phase) {
    return """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: { name: %s, namespace: agents }
        spec: { agentRef: { name: coder }, implementationSpecRef: { name: task } }
        status: { phase: %s }
        """
        .formatted(name, phase);
  }

  private static String agent(String name, String provider) {
    return """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: Agent
        metadata: { name: %s, namespace: agents }
        spec: { providerRef: { name: %s } }
        """
        .formatted(name, provider);
  }

  private static String provider(String name) {
    return """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentProvider
        metadata: { name: %s, namespace: agents }
        spec: { binary: /bin/true }
        """
        .formatted(name);
  }
}

package ai.proompteng.jangar.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.testing.FakeLeader;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routePolicy: leader}: a route runs in a term, and in no other time. */
class LeaderPolicyTest {
  private final FakeLeader leader = new FakeLeader();
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<String> worked = new CopyOnWriteArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private volatile boolean caught = true;
  private LeaderPolicy policy;

  @BeforeEach
  void start() throws Exception {
    policy = new LeaderPolicy(leader, wanted -> caught);
    camel.getRegistry().bind("leader", policy);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("timer:lead?period=10&delay=0")
                .routeId("timed")
                .routePolicyRef("leader")
                .process(exchange -> worked.add("timed"));
            from("direct:slow")
                .routeId("called")
                .errorHandler(noErrorHandler())
                .routePolicyRef("leader")
                .process(exchange -> begun.countDown())
                .process(exchange -> end.await())
                .process(exchange -> worked.add("called"));
            from("direct:lead")
                .routeId("asked")
                .errorHandler(noErrorHandler())
                .routePolicyRef("leader")
                .process(exchange -> worked.add("asked"));
            from("direct:off")
                .routeId("off")
                .autoStartup(false)
                .routePolicyRef("leader")
                .process(exchange -> worked.add("off"));
          }
        });
    camel.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    camel.stop();
    other.shutdownNow();
  }

  @Test
  void nothing_runs_before_this_process_leads() {
    assertThat(status("timed").isStopped()).isTrue();
    assertThat(worked).isEmpty();
  }

  @Test
  void routes_start_with_a_term_and_stop_with_it_however_often() {
    for (int i = 0; i < 3; i++) {
      worked.clear();
      leader.set(true);
      assertThat(status("timed").isStarted()).isTrue();
      await().until(() -> worked.contains("timed"));
      leader.set(false);
      assertThat(status("timed").isStopped()).isTrue();
    }
    int before = worked.size();
    leader.set(true);
    await().until(() -> worked.size() > before);
  }

  @Test
  void no_route_starts_when_the_lead_is_lost_before_the_caches_have_caught_up() {
    caught = false;
    leader.set(true);
    assertThat(status("timed").isStopped()).isTrue();
  }

  @Test
  void what_is_under_way_ends_before_the_term_does() throws Exception {
    leader.set(true);
    camel.createProducerTemplate().asyncSendBody("direct:slow", "work");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    var stopped = other.submit(() -> leader.set(false));
    assertThat(worked).doesNotContain("called");
    end.countDown();
    stopped.get(20, TimeUnit.SECONDS);
    assertThat(worked).contains("called");
  }

  @Test
  void what_begins_in_the_moment_before_the_route_is_stopped_comes_to_nothing() {
    leader.set(true);
    leader.loseUnnoticed();
    worked.clear();
    var template = camel.createProducerTemplate();
    assertThat(
            catchThrowableOfType(
                CamelExecutionException.class, () -> template.requestBody("direct:lead", "work")))
        .hasCauseInstanceOf(Unreachable.class);
    assertThat(worked).doesNotContain("asked");
  }

  @Test
  void a_route_that_is_switched_off_stays_off() {
    leader.set(true);
    assertThat(status("off").isStopped()).isTrue();
    assertThat(policy.starts(camel.getRoute("off"))).isFalse();
    assertThat(policy.starts(camel.getRoute("timed"))).isTrue();
  }

  private ServiceStatus status(String route) {
    return camel.getRouteController().getRouteStatus(route);
  }
}

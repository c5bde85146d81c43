package ai.proompteng.jangar.camel.jangar;

import static ai.proompteng.jangar.camel.jangar.JangarFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.store.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumersIT {
  private final JangarFixture jangar = new JangarFixture();

  @AfterEach
  void close() {
    jangar.close();
  }

  @Test
  void the_drain_takes_all_one_of_an_issue_at_a_time() throws Exception {
    var working = new ConcurrentHashMap<String, AtomicInteger>();
    var together = new CopyOnWriteArrayList<String>();
    drain(
        item -> {
          var count = working.computeIfAbsent(item.externalId(), any -> new AtomicInteger());
          if (count.incrementAndGet() > 1) {
            together.add(item.externalId());
          }
          Thread.onSpinWait();
          count.decrementAndGet();
          return new Delivery.Outcome("synced", null);
        });
    for (int i = 0; i < 30; i++) {
      jangar.ledger.append(List.of(item("d" + i, i % 3)));
    }
    await().until(() -> states("synced").size() == 30);
    assertThat(together).isEmpty();
  }

  @Test
  void a_row_whose_lease_runs_out_under_the_work_is_not_taken_a_second_time() throws Exception {
    var tries = new AtomicInteger();
    var goOn = new CountDownLatch(1);
    drain(
        item -> {
          if (item.externalId().equals("o/r#1")) {
            tries.incrementAndGet();
            goOn.await();
          }
          return new Delivery.Outcome("synced", null);
        });
    jangar.ledger.append(List.of(item("d1", 1)));
    await().until(() -> tries.get() == 1);
    jangar.database.change(
        "UPDATE implementation_source_deliveries SET lease_until = now() - interval '1 s'");

    jangar.ledger.append(List.of(item("d2", 2), item("d3", 3)));
    await().until(() -> states("synced").size() == 2); // the rows have been looked at since
    goOn.countDown();
    await().until(() -> states("synced").size() == 3);
    assertThat(tries).hasValue(1);
  }

  @Test
  void what_nobody_answers_comes_again_and_what_is_refused_has_failed() throws Exception {
    var tries = new AtomicInteger();
    drain(
        item -> {
          if (item.externalId().equals("o/r#1") && tries.incrementAndGet() < 8) {
            throw new Unreachable("away");
          }
          if (item.externalId().equals("o/r#2")) {
            throw new Rejected(Reason.InvalidPayload, "no");
          }
          if (item.externalId().equals("o/r#3")) {
            throw new IllegalStateException("a bug");
          }
          return new Delivery.Outcome("ignored", null);
        });
    jangar.ledger.append(List.of(item("d1", 1), item("d2", 2), item("d3", 3)));

    await().until(() -> states("failed").size() == 2 && states("ignored").size() == 1);
    assertThat(
            jangar.database.read(
                "SELECT error || ' ' || attempts FROM implementation_source_deliveries"
                    + " WHERE state = 'failed' ORDER BY error"))
        .containsExactly("a bug 4", "no 0");
  }

  @Test
  void two_routes_that_want_the_same_each_hear_it() throws Exception {
    var heard = new CopyOnWriteArrayList<String>();
    jangar
        .routes(
            new RouteBuilder() {
              @Override
              public void configure() {
                for (var id : List.of("one", "other")) {
                  from("jangar:events?type=spec.ready")
                      .routeId(id)
                      .process(exchange -> heard.add(exchange.getFromRouteId()));
                }
              }
            })
        .start();

    jangar.outbox.publish(spec("spec.ready", 1, List.of(), Map.of()));

    await().until(() -> jangar.open().isEmpty());
    assertThat(heard).containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void a_failing_subscription_delays_no_other_and_its_dead_stay() throws Exception {
    var heard = new CopyOnWriteArrayList<String>();
    jangar
        .routes(
            new RouteBuilder() {
              @Override
              public void configure() {
                errorHandler(noErrorHandler());
                from("jangar:events?type=spec.ready&poll=PT0.1S")
                    .routeId("refusing")
                    .process(refuse());
                from("jangar:events?poll=PT0.1S").routeId("away").process(away());
                from("jangar:events?subscription=slack")
                    .routeId("well")
                    .process(
                        e -> heard.add((String) e.getMessage().getBody(Map.class).get("type")));
              }
            })
        .start();
    jangar.outbox.publish(spec("spec.ready", 1, List.of(), Map.of()));
    jangar.outbox.publish(spec("spec.changed", 2, List.of(), Map.of()));

    await().until(() -> heard.size() == 2);
    assertThat(heard).containsExactly("spec.ready", "spec.changed");
    await()
        .until(
            () ->
                jangar
                    .database
                    .read("SELECT subscription FROM event_outbox WHERE state = 'dead'")
                    .equals(List.of("refusing")));
    assertThat(
            jangar.database.read(
                "SELECT DISTINCT state FROM event_outbox WHERE subscription = 'away'"))
        .doesNotContain("dead", "done");
  }

  @Test
  void a_route_without_auto_startup_subscribes_to_nothing() throws Exception {
    jangar
        .routes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("jangar:events").routeId("off").autoStartup(false).to("log:off");
                from("jangar:events?type= run.finished , run.blocked").routeId("on").to("log:on");
              }
            })
        .start();
    assertThat(
            jangar.database.read(
                "SELECT subscription || array_to_string(types, ',') FROM event_subscriptions"))
        .containsExactly("onrun.finished,run.blocked");
  }

  @Test
  void a_stopped_drain_finishes_what_it_has_and_goes_on_when_it_is_started_again()
      throws Exception {
    drain(item -> new Delivery.Outcome("synced", null));
    jangar.context.getRouteController().stopRoute("drain");
    jangar.ledger.append(List.of(item("d1", 1)));
    assertThat(states("queued")).hasSize(1);
    jangar.context.getRouteController().startRoute("drain");
    await().until(() -> states("synced").size() == 1);
  }

  private interface Step {
    Delivery.Outcome of(WorkItem item) throws Exception;
  }

  private void drain(Step step) throws Exception {
    jangar
        .routes(
            new RouteBuilder() {
              @Override
              public void configure() {
                errorHandler(noErrorHandler());
                from("jangar:ledger?poll=PT0.1S")
                    .routeId("drain")
                    .process(
                        e ->
                            e.getMessage()
                                .setBody(step.of(e.getMessage().getBody(Delivery.class).item())));
              }
            })
        .start();
  }

  private static org.apache.camel.Processor refuse() {
    return exchange -> {
      throw new Rejected(Reason.InvalidPayload, "no");
    };
  }

  private static org.apache.camel.Processor away() {
    return exchange -> {
      throw new Unreachable("away");
    };
  }

  private List<String> states(String state) {
    return new ArrayList<>(
        jangar.database.read(
            "SELECT id FROM implementation_source_deliveries WHERE state = '" + state + "'"));
  }

  private static WorkItem item(String delivery, int number) {
    return new WorkItem(
        "sample",
        "agents",
        "uid",
        "github",
        "o/r#" + number,
        "I_" + number,
        delivery,
        null,
        "issues",
        "opened",
        "open",
        "T",
        "text",
        List.of(),
        null,
        null,
        null,
        null);
  }
}

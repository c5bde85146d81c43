package ai.proompteng.jangar.camel.jangar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.TraceId;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.VerifiedSource;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.store.QueueFull;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.ExchangeBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeIT {
  private static final VerifiedSource SAMPLE =
      new VerifiedSource("agents", "sample", "source-uid", "github");

  private JangarFixture jangar;

  @BeforeEach
  void open() throws Exception {
    jangar =
        new JangarFixture()
            .routes(
                new RouteBuilder() {
                  @Override
                  public void configure() {
                    errorHandler(noErrorHandler());
                    from("direct:work").routeId("work").to("jangar:intake");
                    from("direct:else").routeId("else").to("jangar:intake?namespace=elsewhere");
                  }
                })
            .start();
    jangar.cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: ImplementationSource
        metadata: {namespace: agents, name: sample, uid: source-uid}
        spec: {provider: github}
        """);
  }

  @AfterEach
  void close() {
    jangar.close();
  }

  @Test
  void a_map_of_three_fields_is_enough() {
    assertThat(answer(send(item("mail", "1"))))
        .isEqualTo(new Intake.Answer(1, 0, false, "delivery-1"));
    assertThat(answer(send(item("mail", "1"))))
        .isEqualTo(new Intake.Answer(0, 1, false, "delivery-1"));

    var stored = jangar.ledger.claim().orElseThrow().item();
    assertThat(stored)
        .extracting(
            WorkItem::provider, WorkItem::sourceUid, WorkItem::namespace, WorkItem::sourceId)
        .containsExactly("custom", "route:mail", "agents", "item-1");
  }

  @Test
  void a_valid_traceparent_is_followed_and_any_other_makes_way_for_a_new_id() {
    var id = "0af7651916cd43dd8448eb211c80319c";
    sendTraced(item("mail", "1"), "00-" + id + "-b7ad6b7169203331-01");
    assertThat(jangar.ledger.claim().orElseThrow().item().traceId()).isEqualTo(id);
    sendTraced(item("mail", "2"), "00-" + id + "\r\nX: y");
    assertThat(jangar.ledger.claim().orElseThrow().item().traceId())
        .matches("[0-9a-f]{32}")
        .isNotEqualTo(id);
  }

  @Test
  void a_row_of_the_version_before_is_followed_by_its_own_id() {
    send(item("mail", "1"));
    jangar.database.change(
        "UPDATE implementation_source_deliveries SET payload = payload - 'traceId'");
    var claimed = jangar.ledger.claim().orElseThrow();
    assertThat(claimed.item().traceId()).isEqualTo(TraceId.of(claimed.id().toString()));
  }

  @Test
  void a_source_s_name_is_looked_up_in_the_namespace() {
    send(item("sample", "1"));
    assertThat(jangar.ledger.claim().orElseThrow().item())
        .extracting(WorkItem::provider, WorkItem::sourceUid)
        .containsExactly("github", "source-uid");
  }

  @Test
  void a_list_is_one_transaction() {
    assertThat(answer(send(List.of(item("mail", "1"), item("mail", "2")))).queued()).isEqualTo(2);

    var bad = List.of(item("mail", "3"), Map.of("source", "mail", "externalId", "x"));
    assertThat(send(bad).getException()).isInstanceOf(Rejected.class);
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void nothing_to_store_is_ignored() {
    assertThat(answer(send(null))).isEqualTo(new Intake.Answer(0, 0, true, null));
    assertThat(answer(send(List.of()))).isEqualTo(new Intake.Answer(0, 0, true, null));
  }

  @Test
  void what_is_no_work_item_is_refused() {
    var many = new ArrayList<Object>();
    for (int i = 0; i <= 100; i++) {
      many.add(item("mail", "" + i));
    }
    for (var body : List.of("text", Map.of("source", List.of(1)), Map.of(), many)) {
      assertThat(send(body).getException()).isInstanceOf(Rejected.class);
    }
    assertThat(rows()).isZero();
  }

  @Test
  void a_namespace_that_is_not_watched_is_refused() {
    var exchange =
        jangar.context.createProducerTemplate().request("direct:else", with(item("m", "1")));
    assertThat(exchange.getException()).isInstanceOf(Rejected.class);
  }

  @Test
  void over_http_nothing_is_stored_that_no_verifier_has_marked() {
    assertThatThrownBy(() -> overHttp(null, null, item("sample", "1")))
        .isInstanceOf(Unverified.class);
    assertThatThrownBy(() -> overHttp(JangarConstants.VERIFIED, List.of(), item("sample", "1")))
        .isInstanceOf(Unverified.class);
    assertThatThrownBy(() -> overHttp(JangarConstants.VERIFIED, List.of(SAMPLE), item("mail", "1")))
        .isInstanceOf(Unverified.class);
    assertThat(rows()).isZero();
  }

  @Test
  void over_http_a_verified_source_may_give_work() throws Exception {
    overHttp(JangarConstants.VERIFIED, List.of(SAMPLE), item("sample", "1"));
    assertThat(jangar.ledger.claim().orElseThrow().item().sourceUid()).isEqualTo("source-uid");
  }

  @Test
  void a_route_that_is_open_to_everyone_takes_free_words_and_no_source_s_name() throws Exception {
    overHttp(JangarConstants.OPEN, true, item("mail", "1"));
    assertThat(rows()).isEqualTo(1);
    assertThatThrownBy(() -> overHttp(JangarConstants.OPEN, true, item("sample", "1")))
        .isInstanceOf(Unverified.class);
  }

  @Test
  void a_database_that_is_away_is_told_as_such() {
    jangar.database.database().close();
    assertThat(send(item("mail", "1")).getException()).isInstanceOf(Unreachable.class);
  }

  @Test
  void a_full_queue_is_told_as_such() {
    for (int i = 0; i < 10; i++) {
      var items = new ArrayList<Object>();
      for (int j = 0; j < 100; j++) {
        items.add(item("mail", i + "-" + j));
      }
      send(items);
    }
    assertThat(send(item("mail", "one more")).getException()).isInstanceOf(QueueFull.class);
    assertThat(rows()).isEqualTo(1000);
  }

  private static Map<String, Object> item(String source, String number) {
    return Map.of(
        "source", source, "externalId", "item-" + number, "deliveryId", "delivery-" + number);
  }

  private Exchange sendTraced(Object body, String traceparent) {
    return jangar
        .context
        .createProducerTemplate()
        .request(
            "direct:work",
            exchange -> {
              exchange.getMessage().setBody(body);
              exchange.getMessage().setHeader("traceparent", traceparent);
            });
  }

  private Exchange send(Object body) {
    return jangar.context.createProducerTemplate().request("direct:work", with(body));
  }

  private static Processor with(Object body) {
    return exchange -> exchange.getMessage().setBody(body);
  }

  private static Intake.Answer answer(Exchange exchange) {
    assertThat(exchange.getException()).isNull();
    return exchange.getMessage().getBody(Intake.Answer.class);
  }

  private void overHttp(String property, Object value, Object body) throws Exception {
    Endpoint http = jangar.context.getEndpoint("platform-http:/work");
    var exchange = ExchangeBuilder.anExchange(jangar.context).withBody(body).build();
    exchange.getExchangeExtension().setFromEndpoint(http);
    if (property != null) {
      exchange.setProperty(property, value);
    }
    var producer = jangar.context.getEndpoint("jangar:intake").createProducer();
    producer.start();
    producer.process(exchange);
  }

  private int rows() {
    return jangar.database.read("SELECT id FROM implementation_source_deliveries").size();
  }
}

package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.camel.jangar.JangarComponent;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.store.Ledger;
import ai.proompteng.jangar.store.PostgresDeliveries;
import ai.proompteng.jangar.testing.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From HTTP to committed rows. */
class WebhookLedgerIT {
  private static final String COUNT = "SELECT count(*) FROM implementation_source_deliveries";
  private final TestDatabase database = TestDatabase.create();
  private Ledger ledger;
  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    ledger = new Ledger(database.database(), Ledger.Limits.defaults(), "one");
    server =
        new Webhooks(
                HttpLimits.defaults(),
                Optional.empty(),
                Access.NOBODY,
                new NoRuns(),
                (cluster, fake) -> {
                  var jangar = new JangarComponent();
                  jangar.setLedger(ledger);
                  jangar.setCluster(cluster);
                  return jangar;
                })
            .withSource();
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Test
  void an_answer_of_200_means_a_row_and_a_known_delivery_adds_none() throws Exception {
    for (var answer : new String[] {"\"queued\":1,\"deduped\":0", "\"queued\":0,\"deduped\":1"}) {
      assertThat(deliver("a\\u0000b", "d-1")).contains(answer);
    }
    assertThat(deliver("half \\ud83d a pair", "d-2")).contains("\"queued\":1");
    assertThat(database.read(COUNT)).containsExactly("2");
  }

  @Test
  void a_replayed_body_under_a_fresh_delivery_id_adds_no_row() throws Exception {
    deliver("same", "d-1");
    assertThat(deliver("same", "d-2")).contains("\"deduped\":1");
    assertThat(database.read(COUNT)).containsExactly("1");
  }

  @Test
  void a_signed_event_that_does_not_say_what_it_is_about_is_400_and_one_failed_row()
      throws Exception {
    var body =
        "{\"action\":\"opened\",\"issue\":{\"title\":\"t\"},\"repository\":{\"full_name\":\"octo/hello\"}}"
            .getBytes(StandardCharsets.UTF_8);
    for (var id : new String[] {"d-1", "d-1", "d-2"}) {
      var answer = server.send(server.event(body).header("X-GitHub-Delivery", id));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("\"ok\":false").contains("\"code\":\"invalid_payload\"");
    }
    assertThat(database.read("SELECT state || ' ' || error FROM implementation_source_deliveries"))
        .containsExactly("failed InvalidPayload: a work item needs externalId");
    assertThat(ledger.claim()).isEmpty();
    assertThat(new PostgresDeliveries(database.database()).troubled(Duration.ofMinutes(1)))
        .containsExactly(new Key("agents", "octo"));
    assertThat(deliver("whole", "d-1")).contains("\"queued\":1"); // the same delivery, in order now
    assertThat(ledger.claim()).isPresent();
  }

  @Test
  void a_route_without_its_verifying_step_gets_nothing_into_the_ledger() throws Exception {
    server.context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            onException(Throwable.class).handled(true).process("refuseClearly");
            var item =
                Map.of(
                    "source", "octo",
                    "externalId", "octo/hello#1",
                    "deliveryId", "d-1",
                    "summary", "forged");
            from("platform-http:/hooks/open?httpMethodRestrict=POST")
                .process("allowedHeadersOnly")
                .process(exchange -> exchange.getMessage().setBody(item))
                .to("jangar:intake")
                .process("webhookAnswer");
          }
        });
    var forged =
        server
            .event("/hooks/open", BodyPublishers.ofString("{}"))
            .header("JangarVerified", "octo")
            .header("JangarOpenToEveryone", "true");
    assertThat(server.send(forged).statusCode()).isEqualTo(500);
    assertThat(database.read(COUNT)).containsExactly("0");
  }

  private String deliver(String title, String id) throws Exception {
    var body =
        """
        {"action":"opened","issue":{"number":1,"node_id":"I_1","title":"%s","state":"open",
        "updated_at":"2026-01-01T00:00:00Z"},"repository":{"full_name":"octo/hello"}}"""
            .formatted(title)
            .getBytes(StandardCharsets.UTF_8);
    return server.send(server.event(body).header("X-GitHub-Delivery", id)).body();
  }
}

package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator's route file may break: itself. */
@NeedsCluster
class OperatorRoutesE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DurablePostgres database;
  private final Desk desk;
  private ServerProcess server;

  OperatorRoutesE2E(TestCluster real) {
    database = DurablePostgres.create();
    desk = new Desk(real, database);
  }

  @BeforeEach
  void start(@TempDir Path routes) throws IOException {
    Files.createDirectories(routes.resolve("intake"));
    Files.writeString(
        routes.resolve("intake/broken.camel.yaml"),
        """
        - route:
            id: broken
            description: A step that nobody knows
            from:
              uri: direct:broken
              steps:
                - tooo:
                    uri: log:never
        """);
    Files.writeString(
        routes.resolve("intake/open.camel.yaml"),
        """
        - route:
            id: open
            description: Stores what anybody sends
            routeConfigurationId: refuse-clearly
            from:
              uri: platform-http
              parameters:
                path: /v1/hooks/open
                httpMethodRestrict: POST
              steps:
                - unmarshal:
                    json: {}
                - to:
                    uri: jangar:intake
        """);
    server = desk.server().with("JANGAR_ROUTES_DIR", routes.toString()).start();
    await().atMost(PATIENCE).until(() -> Desk.unready(server).size() == 1);
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Test
  void a_broken_file_is_named_and_all_others_run() throws IOException {
    assertThat(server.get("/ready").statusCode()).isEqualTo(503);
    assertThat(server.get("/ready").body()).contains("route_file_broken:intake/broken.camel.yaml");
    assertThat(server.log().lines())
        .anyMatch(
            line ->
                line.contains("ERROR")
                    && line.contains("\"file\":\"intake/broken.camel.yaml\"")
                    && line.contains("\"line\":7,"));
    assertThat(deliver(server, "labeled", issue(1, 1, "jangar")).statusCode()).isEqualTo(200);
    desk.awaitPhases(1, "Succeeded");

    var open =
        HttpRequest.newBuilder(server.uri("/v1/hooks/open"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"source\":\"open\",\"externalId\":\"1\",\"deliveryId\":\"2\",\"summary\":\"x\"}"));
    var refused = server.send(open);
    assertThat(refused.statusCode()).as(refused.body()).isBetween(400, 599);
    assertThat(
            database.count(
                "SELECT count(*) FROM implementation_source_deliveries"
                    + " WHERE external_id <> 'octo/hello#1'"))
        .isZero();
  }
}

package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One trace id, from the header of a webhook to the pod (docs/operations/observe.md). */
@NeedsCluster
class TraceE2E {
  private static final String API = "agents.proompteng.ai/v1alpha1";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int ISSUE = Desk.ENDLESS; // until its pod is taken away
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestCluster real;
  private final DurablePostgres database = DurablePostgres.create();

  TraceE2E(TestCluster real) {
    this.real = real;
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void what_the_webhook_says_stands_on_every_object_and_in_every_log_line() throws Exception {
    var desk = new Desk(real, database);
    try (var server = desk.server().start().awaitReady()) {
      var path = server.uri("/v1/implementation-sources/webhooks/github");
      var delivery =
          issue(ISSUE, 1, "jangar")
              .delivery("labeled", Desk.SECRET, path)
              .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");
      assertThat(server.send(delivery).statusCode()).isEqualTo(200);
      var run = desk.awaitRunning(ISSUE);

      assertThat(objects())
          .extracting(HasMetadata::getKind)
          .containsExactlyInAnyOrder("ImplementationSpec", "AgentRun", "ConfigMap", "Job", "Pod");
      assertThat(objects())
          .allSatisfy(
              object ->
                  assertThat(object.getMetadata().getAnnotations())
                      .as(object.getKind())
                      .containsEntry(WellKnown.TRACE_ID, TRACE));

      desk.deletePod(run);
      desk.awaitPhases(ISSUE, "Failed");
      await("the log follows it from its delivery to its end")
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(followed(server))
                      .contains(
                          "A delivery is stored",
                          "A delivery is done",
                          "A run was asked for",
                          "A run was handed to its runtime",
                          "A run has ended"));
    }
  }

  /** What came of the delivery; a namespace has a ConfigMap of its own besides. */
  private List<HasMetadata> objects() {
    var client = real.client();
    var namespace = real.namespace();
    return Stream.<Collection<? extends HasMetadata>>of(
            client
                .genericKubernetesResources(API, "ImplementationSpec")
                .inNamespace(namespace)
                .list()
                .getItems(),
            client
                .genericKubernetesResources(API, "AgentRun")
                .inNamespace(namespace)
                .list()
                .getItems(),
            client.configMaps().inNamespace(namespace).list().getItems(),
            client.batch().v1().jobs().inNamespace(namespace).list().getItems(),
            client.pods().inNamespace(namespace).list().getItems())
        .flatMap(Collection::stream)
        .map(HasMetadata.class::cast)
        .filter(object -> object.getMetadata().getName().startsWith("octo-"))
        .toList();
  }

  private static List<String> followed(ServerProcess server) {
    return server
        .log()
        .lines()
        .map(TraceE2E::json)
        .filter(line -> line.path("traceId").asText().equals(TRACE))
        .map(line -> line.path("message").asText())
        .toList();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode(); // the JVM's own words
    }
  }
}

package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fifty runs that wait for the end of a pause, on a real cluster. */
@Tag("slow")
@NeedsCluster
class PauseE2E {
  private static final String API = "agents.proompteng.ai/v1alpha1";
  private static final int RUNS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void none_starts_while_all_are_paused_and_all_do_once_they_are_resumed(TestCluster real)
      throws IOException {
    try (var database = DurablePostgres.create();
        var server = new Desk(real, database).server().with("JANGAR_AUTH_MODE", "open")) {
      server.start().awaitReady();
      tell(server, "pause");
      for (int i = 0; i < RUNS; i++) {
        make(real, "held-" + i);
      }
      await("all say why they wait")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(said(real, "why")).hasSize(RUNS).containsOnly("Paused"));
      assertThat(jobs(real)).isZero();
      tell(server, "resume");
      await("all have started")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(said(real, "phase")).doesNotContain("Pending"));
      assertThat(jobs(real)).isEqualTo(RUNS);
      tell(server, "cancel");
      await("all are over")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(said(real, "phase")).isSubsetOf("Cancelled", "Succeeded", "Failed"));
    }
  }

  private static void tell(ServerProcess server, String what) throws IOException {
    var request =
        HttpRequest.newBuilder(server.uri("/v1/control-plane/" + what))
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"reason\": \"a test\"}"));
    var answer = server.send(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void make(TestCluster real, String name) {
    var manifest =
        """
        apiVersion: %s
        kind: AgentRun
        metadata: {name: %s}
        spec:
          agentRef: {name: sample}
          runtime: {type: job}
          parameters: {issueNumber: '1'}
          implementation: {inline: {text: greet}}
        """
            .formatted(API, name);
    real.client()
        .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> real.client().resource(object).inNamespace(real.namespace()).create());
  }

  private static List<String> said(TestCluster real, String field) {
    return real
        .client()
        .genericKubernetesResources(API, "AgentRun")
        .inNamespace(real.namespace())
        .list()
        .getItems()
        .stream()
        .map(
            (GenericKubernetesResource run) ->
                Objects.toString(run.<Object>get("status", field), ""))
        .toList();
  }

  private static int jobs(TestCluster real) {
    return real.client().batch().v1().jobs().inNamespace(real.namespace()).list().getItems().size();
  }
}

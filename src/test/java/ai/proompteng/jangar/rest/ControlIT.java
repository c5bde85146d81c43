package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pausing, resuming and cancelling more than one run over REST. */
class ControlIT {
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);
  private static final ResourceType AGENTS = ResourceType.of(Kind.AGENT);
  private static final String CANCEL = "agents.proompteng.ai/cancel";

  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    server = new Webhooks(HttpLimits.defaults(), Optional.empty(), Access.EVERYONE, new NoRuns());
    server.cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: Agent
        metadata: {name: sample, namespace: agents}
        spec: {providerRef: {name: exec}}
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_namespace_and_everything_are_paused_and_resumed() throws Exception {
    assertThat(post("pause", "1", "{'namespace':'agents','reason':'upgrade'}").body())
        .contains("\"paused\":true");
    assertThat(server.pauses.of("agents").orElseThrow().reason()).isEqualTo("upgrade");
    post("pause", "2", "{'reason':'all of it'}");
    assertThat(server.pauses.of("other")).isPresent();
    assertThat(post("resume", "3", "{'namespace':'agents','reason':'done'}").body())
        .as("everything still is")
        .contains("\"paused\":true");
    assertThat(post("resume", "4", "{'reason':'done'}").body()).contains("\"paused\":false");
    assertThat(server.pauses.of("agents")).isEmpty();
    assertThat(server.requests.written())
        .anyMatch(row -> row.contains("control_plane.paused"))
        .anyMatch(row -> row.contains("control_plane.resumed"));
  }

  @Test
  void an_agent_is_paused_by_its_annotation() throws Exception {
    post("pause", "1", "{'agent':'sample','reason':'costs'}");
    assertThat(agent().getMetadata().getAnnotations())
        .containsEntry("agents.proompteng.ai/paused", "true");
    post("resume", "2", "{'agent':'sample','reason':'paid'}");
    assertThat(agent().getMetadata().getAnnotations())
        .doesNotContainKey("agents.proompteng.ai/paused");
    assertThat(post("pause", "3", "{'agent':'nobody','reason':'x'}").statusCode()).isEqualTo(404);
  }

  @Test
  void the_active_runs_of_a_scope_are_asked_to_end_once() throws Exception {
    run("waits", "sample", "Pending");
    run("runs", "sample", "Running");
    run("other", "another", "Running");
    run("over", "sample", "Succeeded");
    assertThat(post("cancel", "1", "{'agent':'sample','reason':'stop'}").body())
        .contains("\"cancelled\":2", "\"more\":false");
    assertThat(cancelled("waits")).isTrue();
    assertThat(cancelled("runs")).isTrue();
    assertThat(cancelled("other")).isFalse();
    assertThat(cancelled("over")).isFalse();
    assertThat(post("cancel", "2", "{'reason':'all'}").body()).contains("\"cancelled\":1");
    assertThat(cancelled("other")).isTrue();
  }

  @Test
  void a_scope_says_why_and_names_what_there_is() throws Exception {
    for (var what : new String[] {"pause", "resume", "cancel"}) {
      assertThat(post(what, "k", "{}").body()).contains("missing_field", "reason");
      assertThat(post(what, "k", "{'reason':'x','namespace':'elsewhere'}").statusCode())
          .isEqualTo(404);
      assertThat(post(what, "k", "{'reason':'x','runs':1}").body()).contains("unknown_field");
      assertThat(post(what, null, "{'reason':'x'}").body()).contains("idempotency_key_required");
    }
  }

  private GenericKubernetesResource agent() {
    return server.cluster.cached(AGENTS, new Key("agents", "sample")).orElseThrow();
  }

  private boolean cancelled(String run) {
    var annotations =
        server
            .cluster
            .cached(RUNS, new Key("agents", run))
            .orElseThrow()
            .getMetadata()
            .getAnnotations();
    return annotations != null && "true".equals(annotations.get(CANCEL));
  }

  private void run(String name, String agent, String phase) {
    server.cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: {name: %s, namespace: agents}
        spec: {agentRef: {name: %s}}
        status: {phase: %s}
        """
            .formatted(name, agent, phase));
  }

  private HttpResponse<String> post(String what, String key, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(server.uri("/v1/control-plane/" + what))
            .POST(BodyPublishers.ofString(body.replace('\'', '"')));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return server.client.send(request.build(), BodyHandlers.ofString());
  }
}

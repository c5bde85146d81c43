package ai.proompteng.jangar.agent;

import static ai.proompteng.jangar.testing.Verdicts.shown;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.Rings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentRoutesTest {
  private final Clock clock = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
  private final FakeCluster cluster = new FakeCluster();
  private final Rings rings =
      new Rings(
          new AgentRoutes(new AgentProcessors(cluster, new StatusWriter(cluster, clock), clock)),
          "agent-reconcile");

  @AfterEach
  void stop() {
    rings.close();
  }

  @Test
  void an_agent_is_told_that_it_is_ready_once() {
    provider("True");
    agent("{providerRef: {name: p}}");
    assertThat(rings.ring("agents", "a").getException()).isNull();
    assertThat(conditions()).contains("Ready=True/ValidSpec");
    assertThat(cluster.requests()).containsExactly("status agents agents/a");
    rings.ring("agents", "a");
    assertThat(cluster.requests()).hasSize(1);
  }

  @Test
  void an_agent_recovers_when_its_provider_comes() {
    agent("{providerRef: {name: p}}");
    rings.ring("agents", "a");
    assertThat(conditions()).contains("InvalidSpec=True/MissingProvider");
    provider("True");
    rings.ring("agents", "a");
    assertThat(conditions()).contains("InvalidSpec=False/ValidSpec", "Ready=True/ValidSpec");
  }

  @Test
  void an_agent_that_does_not_decode_is_told_so_and_stops_nobody() {
    provider("True");
    agent("{providerRef: p}");
    assertThat(rings.ring("agents", "a").getException()).isNull();
    assertThat(conditions()).contains("InvalidSpec=True/Undecodable");
  }

  @Test
  void an_agent_that_is_gone_costs_nothing() {
    assertThat(rings.ring("agents", "a").getException()).isNull();
    assertThat(cluster.requests()).isEmpty();
  }

  @Test
  void an_api_server_that_is_away_is_asked_again() {
    agent("{providerRef: {name: p}}");
    cluster.fail(request -> request.startsWith("status"), new Unreachable("away"));
    assertThat(rings.ring("agents", "a").getException()).isInstanceOf(Unreachable.class);
  }

  private String conditions() {
    var object = cluster.cached(ResourceType.of(Kind.AGENT), new Key("agents", "a")).orElseThrow();
    return shown(Decoder.attempt(Kind.AGENT, object).resource().status().conditions());
  }

  private void agent(String spec) {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: Agent
        metadata: {name: a, namespace: agents}
        spec: %s
        """
            .formatted(spec));
  }

  private void provider(String ready) {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentProvider
        metadata: {name: p, namespace: agents}
        spec: {binary: /bin/agent}
        status: {conditions: [{type: Ready, status: "%s", reason: ValidSpec, message: ""}]}
        """
            .formatted(ready));
  }
}

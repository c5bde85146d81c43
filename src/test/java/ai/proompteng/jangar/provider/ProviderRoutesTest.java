package ai.proompteng.jangar.provider;

import static ai.proompteng.jangar.testing.Verdicts.shown;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.Rings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderRoutesTest {
  private final Clock clock = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
  private final FakeCluster cluster = new FakeCluster();
  private final Rings rings =
      new Rings(
          new ProviderRoutes(
              new ProviderProcessors(cluster, new StatusWriter(cluster, clock), clock)),
          "provider-reconcile");

  @AfterEach
  void stop() {
    rings.close();
  }

  @Test
  void a_provider_is_told_that_it_is_ready_once() {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentProvider
        metadata: {name: p, namespace: agents, generation: 3}
        spec: {binary: /bin/agent}
        """);
    assertThat(rings.ring("agents", "p").getException()).isNull();
    rings.ring("agents", "p");
    assertThat(cluster.requests()).containsExactly("status agentproviders agents/p");
    var status = cluster.cached(Kind.AGENT_PROVIDER, new Key("agents", "p")).orElseThrow().status();
    assertThat(shown(status.conditions())).contains("Ready=True/ValidSpec");
    assertThat(status.observedGeneration()).isEqualTo(3);
  }

  @Test
  void a_provider_that_is_gone_costs_nothing() {
    assertThat(rings.ring("agents", "p").getException()).isNull();
    assertThat(cluster.requests()).isEmpty();
  }
}

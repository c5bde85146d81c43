package ai.proompteng.jangar.source;

import static ai.proompteng.jangar.testing.Verdicts.shown;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.ImplementationSourceStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.SecretReader.Lookup;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.store.Deliveries;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.FakeDeliveries;
import ai.proompteng.jangar.testing.Leading;
import ai.proompteng.jangar.testing.Rings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourceRoutesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
  private final FakeCluster cluster = new FakeCluster();
  private final Map<String, Lookup> secrets = new HashMap<>();
  private Optional<Deliveries.Last> last = Optional.empty();
  private final Rings rings =
      new Rings(
          new SourceRoutes(
              new SourceProcessors(
                  cluster,
                  (namespace, name, key) ->
                      secrets.getOrDefault(name + "/" + key, new Lookup.NoSecret()),
                  new FakeDeliveries(() -> last),
                  new StatusWriter(cluster, clock),
                  new Events(cluster, clock),
                  clock),
              new SourceReconciler(5)),
          "source-reconcile");

  @BeforeEach
  void a_source() {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: ImplementationSource
        metadata: {name: s, namespace: agents}
        spec:
          provider: github
          auth: {secretRef: {name: gh}}
          webhook: {enabled: true}
          scope: {repository: octo/hello}
        """);
  }

  @AfterEach
  void stop() {
    rings.close();
  }

  @Test
  void a_secret_that_is_missing_is_looked_for_again() {
    var exchange = rings.ring("agents", "s");
    assertThat(exchange.getException()).isNull();
    assertThat(shown(status().conditions())).contains("Unreachable=True/SecretNotFound");
    assertThat(exchange.getProperty("JangarRequeueAfter")).isEqualTo(Duration.ofSeconds(30));
    secrets.put("gh/token", new Lookup.NoKey());
    secrets.put("gh/webhookSecret", new Lookup.Found("s3cret"));
    exchange = rings.ring("agents", "s");
    assertThat(shown(status().conditions()))
        .contains("Unreachable=False/Reachable", "Ready=True/WebhookReady");
    assertThat(exchange.getProperty("JangarRequeueAfter")).isNull();
  }

  @Test
  void what_is_no_news_is_not_written() {
    secrets.put("gh/token", new Lookup.Found("t"));
    secrets.put("gh/webhookSecret", new Lookup.Found("s3cret"));
    rings.ring("agents", "s");
    rings.ring("agents", "s");
    assertThat(cluster.requests()).containsExactly("status implementationsources agents/s");
  }

  @Test
  void a_token_that_signs_is_an_event() {
    secrets.put("gh/token", new Lookup.Found("t"));
    secrets.put("gh/webhookSecret", new Lookup.NoKey());
    rings.ring("agents", "s");
    assertThat(cluster.requests())
        .anySatisfy(request -> assertThat(request).startsWith("create events agents/s-"));
    assertThat(shown(status().conditions())).contains("Ready=True/WebhookReady");
  }

  @Test
  void the_last_delivery_is_told() {
    secrets.put("gh/token", new Lookup.Found("t"));
    last = row("synced", 1, null);
    rings.ring("agents", "s");
    assertThat(status().lastSyncedAt()).isEqualTo(NOON);
    assertThat(status().lastWebhook().status()).isEqualTo("synced");
    assertThat(status().lastWebhook().sourceVersion()).isEqualTo("2026-01-01T12:00:00Z");
    last = row("queued", 2, "x".repeat(2000));
    rings.ring("agents", "s");
    assertThat(status().lastWebhook().status()).isEqualTo("retrying");
    assertThat(status().lastWebhook().error()).hasSize(1024);
    assertThat(status().lastSyncedAt()).isEqualTo(NOON);
    assertThat(shown(status().conditions())).contains("Error=True/WebhookFailed");
  }

  @Test
  void a_source_of_which_a_delivery_failed_is_looked_at_again_each_minute() throws Exception {
    last = row("failed", 0, "InvalidPayload: a work item needs externalId");
    try (var camel = new DefaultCamelContext()) {
      Leading.in(camel);
      camel.addComponent("reconcile", new DirectComponent());
      camel.addRoutes(
          new SourceRoutes(
              new SourceProcessors(
                  cluster,
                  (namespace, name, key) -> new Lookup.Found("s3cret"),
                  new FakeDeliveries(() -> last),
                  new StatusWriter(cluster, clock),
                  new Events(cluster, clock),
                  clock),
              new SourceReconciler(5)));
      AdviceWith.adviceWith(
          camel, "source-troubles", advice -> advice.replaceFromWith("direct:minute"));
      camel.start();
      camel.createProducerTemplate().sendBody("direct:minute", "");
    }
    assertThat(shown(status().conditions())).contains("Error=True/InvalidPayload");
  }

  @Test
  void a_database_that_is_away_is_asked_again() {
    var away =
        new Rings(
            new SourceRoutes(
                new SourceProcessors(
                    cluster,
                    (namespace, name, key) -> new Lookup.NoSecret(),
                    new FakeDeliveries(
                        () -> {
                          throw new Unreachable("away");
                        }),
                    new StatusWriter(cluster, clock),
                    new Events(cluster, clock),
                    clock),
                new SourceReconciler(5)),
            "source-reconcile");
    try (away) {
      assertThat(away.ring("agents", "s").getException()).isInstanceOf(Unreachable.class);
    }
  }

  private static Optional<Deliveries.Last> row(String state, int attempts, String error) {
    return Optional.of(
        new Deliveries.Last(
            "github:d", "d", "github", "octo/hello#1", NOON, NOON, NOON, attempts, state, error));
  }

  private ImplementationSourceStatus status() {
    return cluster
        .cached(Kind.IMPLEMENTATION_SOURCE, new Key("agents", "s"))
        .orElseThrow()
        .status();
  }
}

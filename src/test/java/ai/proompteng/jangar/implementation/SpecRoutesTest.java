package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.Leading;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpecRoutesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final ResourceType TYPE = ResourceType.of(Kind.IMPLEMENTATION_SPEC);
  private static final Key KEY = new Key("agents", "octo-hello-1-impl");
  private static final String IMPORTED =
      """
      apiVersion: agents.proompteng.ai/v1alpha1
      kind: ImplementationSpec
      metadata:
        namespace: agents
        name: octo-hello-1-impl
        labels:
          agents.proompteng.ai/source-provider: github
          agents.proompteng.ai/implementation-source: hello
        annotations:
          agents.proompteng.ai/source-id: I_1
          agents.proompteng.ai/source-version: 2026-11-01T10:00:00Z
          agents.proompteng.ai/source-content-hash: abc
          agents.proompteng.ai/synced-at: 2026-11-01T10:00:07Z
          agents.proompteng.ai/label-since: '{"gone":"2026-11-01T08:00:00Z/1","jangar":"2026-11-01T09:00:00Z/2"}'
          cache.jangar.proompteng.ai/text-bytes: "4"
          cache.jangar.proompteng.ai/text-blank: "false"
      spec:
        summary: t
        labels: [jangar]
        source: {provider: github, externalId: octo/hello#1, url: "https://github.com/octo/hello/issues/1"}
      """;

  private final FakeCluster cluster = new FakeCluster();
  private final List<Event> outbox = new ArrayList<>();
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private RuntimeException down;

  @BeforeEach
  void start() throws Exception {
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    Leading.in(camel);
    camel.addComponent("reconcile", new DirectComponent());
    camel.addRoutes(
        new SpecRoutes(
            new SpecProcessors(
                cluster,
                this::publish,
                new StatusWriter(cluster, clock),
                new Events(cluster, clock),
                clock)));
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void an_imported_spec_is_ready_and_its_event_says_all_that_dispatch_asks() {
    cluster.given(IMPORTED);
    ring();

    assertThat(condition("Ready")).isEqualTo("True/Synced");
    assertThat(condition("InvalidSpec")).isEqualTo("False/ValidSpec");
    assertThat(condition("Unreachable")).isEqualTo("False/Reachable");
    assertThat(condition("Stale")).isEqualTo("False/InSync");
    assertThat(condition("Warning")).isEqualTo("False/None");
    assertThat(condition("Progressing")).startsWith("False/");
    assertThat(condition("Degraded")).startsWith("False/");
    assertThat(status().syncedAt()).isEqualTo("2026-11-01T10:00:07Z");
    assertThat(status().sourceVersion()).isEqualTo("2026-11-01T10:00:00Z");
    assertThat(status().observedGeneration()).isEqualTo(1);

    var event = outbox.get(0);
    var uid = cluster.cached(TYPE, KEY).orElseThrow().getMetadata().getUid();
    assertThat(event.type()).isEqualTo("spec.ready");
    assertThat(event.key()).isEqualTo(uid + "/1/2026-11-01T10:00:00Z");
    assertThat(event.source())
        .isEqualTo(
            new Event.Source(
                "hello",
                "github",
                "I_1",
                "octo/hello#1",
                "https://github.com/octo/hello/issues/1"));
    assertThat(event.labels()).containsExactly("jangar");
    assertThat(event.labelSince()).isEqualTo(Map.of("jangar", "2026-11-01T09:00:00Z/2"));
    assertThat(event.contentHash()).isEqualTo("abc");
    assertThat(event.version()).isEqualTo("2026-11-01T10:00:00Z");
  }

  @Test
  void nothing_is_told_or_written_when_nothing_changed() {
    cluster.given(IMPORTED);
    ring();
    cluster.forgetRequests();
    ring();
    ring();
    assertThat(outbox).hasSize(1);
    assertThat(cluster.requests()).isEmpty();
  }

  @Test
  void a_newer_version_is_news_though_no_generation_changed() {
    cluster.given(IMPORTED);
    ring();
    annotate(Map.of("agents.proompteng.ai/source-version", "2026-11-01T11:00:00Z"));
    ring();
    assertThat(types()).containsExactly("spec.ready", "spec.changed");
    assertThat(status().sourceVersion()).isEqualTo("2026-11-01T11:00:00Z");
  }

  @Test
  void an_end_is_told_even_at_the_same_version_and_so_is_the_return() {
    cluster.given(IMPORTED);
    ring();
    annotate(Map.of("agents.proompteng.ai/stale-reason", "SourceClosed"));
    ring();
    assertThat(condition("Stale")).isEqualTo("True/SourceClosed");
    assertThat(condition("Ready")).isEqualTo("True/Synced");
    var back = new HashMap<String, Object>();
    back.put("agents.proompteng.ai/stale-reason", null);
    back.put("agents.proompteng.ai/source-version", "2026-11-01T12:00:00Z");
    annotate(back);
    ring();
    assertThat(condition("Stale")).isEqualTo("False/InSync");
    assertThat(types()).containsExactly("spec.ready", "spec.stale", "spec.changed");
    assertThat(outbox).extracting(Event::key).doesNotHaveDuplicates();
  }

  @Test
  void while_the_event_cannot_be_stored_the_status_waits() {
    cluster.given(IMPORTED);
    down = new Unreachable("no database");
    assertThatThrownBy(this::ring).hasCauseInstanceOf(Unreachable.class);
    assertThat(cluster.requests()).isEmpty();
    down = null;
    ring();
    assertThat(types()).containsExactly("spec.ready");
    assertThat(condition("Ready")).isEqualTo("True/Synced");
  }

  @Test
  void an_object_that_moved_on_with_news_of_its_own_is_not_said_to_be_told() {
    cluster.given(IMPORTED);
    cluster.fail(
        request -> {
          if (request.startsWith("status") && types().equals(List.of("spec.ready"))) {
            outbox.add(null);
            annotate(Map.of("agents.proompteng.ai/source-version", "2026-11-01T11:00:00Z"));
          }
          return false;
        },
        null);
    ring();
    outbox.remove(null);
    assertThat(status().sourceVersion()).isNull();
    ring();
    assertThat(outbox).extracting(Event::version).contains(Instant.parse("2026-11-01T11:00:00Z"));
  }

  @Test
  void a_spec_made_by_hand_stands_for_itself() {
    var manifest =
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: ImplementationSpec
        metadata: {namespace: agents, name: octo-hello-1-impl}
        spec: {text: do it, labels: [jangar]}
        """;
    var uid = cluster.given(manifest).getMetadata().getUid();
    ring();
    assertThat(condition("Ready")).isEqualTo("True/ValidSpec");
    assertThat(status().syncedAt()).isEqualTo(NOW);
    assertThat(outbox.get(0).source()).isEqualTo(new Event.Source(null, "manual", uid, null, null));
    assertThat(outbox.get(0).labelSince().get("jangar")).endsWith("/1");
  }

  @Test
  void a_source_that_does_not_fit_its_import_is_a_warning() {
    cluster.given(IMPORTED.replace("provider: github, ext", "provider: linear, ext"));
    ring();
    assertThat(condition("Warning")).isEqualTo("True/InconsistentSource");
    assertThat(condition("Ready")).isEqualTo("True/Synced");
    assertThat(cluster.cached(ResourceType.EVENT, "agents")).hasSize(1);
  }

  @Test
  void a_spec_that_does_not_decode_is_told_so() {
    cluster.given(IMPORTED.replace("labels: [jangar]", "labels: {a: b}"));
    ring();
    assertThat(condition("InvalidSpec")).isEqualTo("True/Undecodable");
    assertThat(outbox).isEmpty();
  }

  private void publish(Event event) {
    if (down != null) {
      throw down;
    }
    outbox.add(event);
  }

  private void ring() {
    camel.createProducerTemplate().sendBody("reconcile:implementationspecs", KEY);
  }

  private void annotate(Map<String, Object> annotations) {
    cluster.mergePatch(TYPE, KEY, Map.of("metadata", Map.of("annotations", annotations)));
  }

  private List<String> types() {
    return outbox.stream().map(event -> event == null ? null : event.type()).toList();
  }

  private ImplementationSpecStatus status() {
    var object = cluster.cached(TYPE, KEY).orElseThrow();
    return Decoder.attempt(Kind.IMPLEMENTATION_SPEC, object).resource().status();
  }

  private String condition(String type) {
    return Conditions.find(status().conditions(), type)
        .map((Condition found) -> found.status() + "/" + found.reason())
        .orElse("absent");
  }
}

package ai.proompteng.jangar.implementation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Delivery;
import ai.proompteng.jangar.store.Endings;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.Leading;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrainRoutesTest {
  private static final Instant T0 = Instant.parse("2026-11-01T10:00:00Z");
  private static final ResourceType TYPE = ResourceType.of(Kind.IMPLEMENTATION_SPEC);
  private static final List<String> JANGAR = List.of("jangar");

  private final FakeCluster cluster = new FakeCluster();
  private final List<Object> rung = new ArrayList<>();
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private Endings endings = Endings.NONE;

  @BeforeEach
  void start() throws Exception {
    var clock = Clock.fixed(T0.plusSeconds(60), ZoneOffset.UTC);
    var imports =
        new ImportProcessor(
            cluster,
            new SpecIndex(cluster),
            item -> endings.last(item),
            new Events(cluster, clock),
            clock);
    Leading.in(camel);
    camel.addComponent("jangar", new DirectComponent());
    camel.addComponent("reconcile", new DirectComponent());
    camel.addRoutes(new DrainRoutes(imports, Duration.ofMillis(1)));
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("reconcile:implementationsources")
                .process(exchange -> rung.add(exchange.getMessage().getBody()))
                .setBody(constant("not the outcome"));
          }
        });
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void a_delivery_becomes_a_spec_and_rings_its_source() {
    assertThat(drain(issue(T0, "open", "t", JANGAR))).isEqualTo("synced");

    assertThat(cluster.requests())
        .containsExactly("create implementationspecs agents/octo-hello-1-impl");
    assertThat(spec("octo-hello-1-impl")).containsEntry("summary", "t");
    assertThat(rung).containsExactly(new Key("agents", "hello"));
  }

  @Test
  void a_newer_state_is_one_patch_and_what_users_wrote_stays() {
    drain(issue(T0, "open", "t", JANGAR));
    cluster.mergePatch(
        TYPE,
        new Key("agents", "octo-hello-1-impl"),
        Map.of(
            "metadata", Map.of("annotations", Map.of("mine", "x")),
            "spec", Map.of("description", "of a user", "contract", Map.of())));
    cluster.forgetRequests();

    assertThat(drain(issue(T0.plusSeconds(1), "open", "u", JANGAR))).isEqualTo("synced");

    assertThat(cluster.requests())
        .containsExactly("patch implementationspecs agents/octo-hello-1-impl");
    assertThat(spec("octo-hello-1-impl"))
        .containsEntry("summary", "u")
        .containsEntry("description", "of a user")
        .containsKey("contract");
    assertThat(object("octo-hello-1-impl").getMetadata().getAnnotations()).containsKey("mine");
  }

  @Test
  void an_older_state_and_the_same_one_cost_no_request() {
    drain(issue(T0, "open", "t", JANGAR));
    cluster.forgetRequests();
    assertThat(drain(issue(T0.minusSeconds(1), "open", "old", JANGAR))).isEqualTo("stale");
    assertThat(drain(issue(T0, "open", "t", JANGAR))).isEqualTo("synced");
    assertThat(cluster.requests()).isEmpty();
  }

  @Test
  void an_object_that_moved_on_is_read_and_compared_again() {
    drain(issue(T0, "open", "t", JANGAR));
    cluster.forgetRequests();
    var times = new AtomicInteger();
    cluster.fail(
        request -> request.startsWith("patch") && times.incrementAndGet() <= 2,
        new Conflict("moved on", null));

    assertThat(drain(issue(T0.plusSeconds(1), "open", "u", JANGAR))).isEqualTo("synced");
    assertThat(cluster.requests())
        .containsExactly(
            "patch implementationspecs agents/octo-hello-1-impl",
            "get implementationspecs agents/octo-hello-1-impl",
            "patch implementationspecs agents/octo-hello-1-impl",
            "get implementationspecs agents/octo-hello-1-impl",
            "patch implementationspecs agents/octo-hello-1-impl");
  }

  @Test
  void an_object_that_moves_on_for_ever_is_asked_for_again_later() {
    drain(issue(T0, "open", "t", JANGAR));
    cluster.fail(request -> request.startsWith("patch"), new Conflict("moved on", null));
    assertThatThrownBy(() -> drain(issue(T0.plusSeconds(1), "open", "u", JANGAR)))
        .isInstanceOf(CamelExecutionException.class)
        .hasCauseInstanceOf(Unreachable.class);
    assertThat(cluster.requests().stream().filter(request -> request.startsWith("patch")))
        .hasSize(1 + DrainRoutes.CONFLICT_TRIES);
  }

  @Test
  void a_server_that_is_away_is_the_ledgers_to_ask_again_and_a_no_is_final() {
    cluster.fail(request -> request.startsWith("create"), new Unreachable("away"));
    assertThatThrownBy(() -> drain(issue(T0, "open", "t", JANGAR)))
        .hasCauseInstanceOf(Unreachable.class);
    cluster.fail(
        request -> request.startsWith("create"), new Rejected(Reason.InvalidPayload, "no"));
    assertThat(outcome(issue(T0, "open", "t", JANGAR)))
        .isEqualTo(new Delivery.Outcome("failed", "InvalidPayload: no"));
  }

  @Test
  void an_issue_that_ended_unseen_is_ignored_after_a_look_at_the_server() {
    assertThat(drain(issue(T0, "closed", "t", JANGAR))).isEqualTo("ignored");
    assertThat(cluster.requests())
        .containsExactly("get implementationspecs agents/octo-hello-1-impl");
  }

  @Test
  void an_end_that_was_told_before_the_first_live_state_is_not_forgotten() {
    var closed = issue(T0.plusSeconds(5), "closed", "at the end", JANGAR);
    endings = item -> Optional.of(delivery(closed, T0.plusSeconds(5)));
    assertThat(drain(issue(T0, "open", "t", JANGAR))).isEqualTo("synced");
    assertThat(spec("octo-hello-1-impl")).containsEntry("summary", "at the end");
    assertThat(object("octo-hello-1-impl").getMetadata().getAnnotations())
        .containsEntry(WellKnown.STALE_REASON, "SourceClosed");
  }

  @Test
  void a_renamed_repository_keeps_the_name_of_its_object() {
    drain(issue(T0, "open", "t", JANGAR));
    drain(named("octo/renamed#1", T0.plusSeconds(1)));
    assertThat(cluster.cached(TYPE, "agents")).hasSize(1);
    assertThat(spec("octo-hello-1-impl").get("source"))
        .hasFieldOrPropertyWithValue("externalId", "octo/renamed#1");
  }

  @Test
  void an_object_of_somebody_else_is_never_touched() {
    var manifest =
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: ImplementationSpec
        metadata: {namespace: agents, name: octo-hello-1-impl}
        spec: {text: made by hand}
        """;
    cluster.given(manifest);
    assertThat(drain(issue(T0, "open", "t", JANGAR))).isEqualTo("synced");

    assertThat(spec("octo-hello-1-impl")).isEqualTo(Map.of("text", "made by hand"));
    assertThat(cluster.cached(TYPE, "agents"))
        .extracting(object -> object.getMetadata().getName())
        .anyMatch(name -> name.matches("octo-hello-1-impl-[0-9a-f]{10}"));
    assertThat(reasons()).containsExactly("NameCollision");
  }

  @Test
  void a_text_that_was_cut_is_told_in_an_event() {
    drain(Items.issue("hello", T0, "open", "t", "x".repeat(200_000), JANGAR));
    assertThat(reasons()).containsExactly("TextTruncated");
  }

  @Test
  void two_issues_whose_plain_names_would_be_one_are_two_objects() {
    drain(named("a-b/c#1", T0));
    drain(named("a/b-c#1", T0));
    assertThat(cluster.cached(TYPE, "agents"))
        .extracting(object -> object.getMetadata().getName())
        .containsExactlyInAnyOrder("a-b-c-1-impl-e303a2d4ff", "a-b-c-1-impl");
  }

  @Test
  void an_item_of_a_route_rings_no_source() {
    assertThat(drain(Items.custom("pager", "1"))).isEqualTo("synced");
    assertThat(rung).isEmpty();
    assertThat(cluster.cached(TYPE, "agents").get(0).getMetadata().getLabels())
        .containsEntry(WellKnown.SOURCE_PROVIDER, "custom");
  }

  private String drain(WorkItem item) {
    return outcome(item).state();
  }

  private Delivery.Outcome outcome(WorkItem item) {
    var receivedAt = item.version() == null ? T0 : item.version();
    return camel
        .createProducerTemplate()
        .requestBody("jangar:ledger", delivery(item, receivedAt), Delivery.Outcome.class);
  }

  private static Delivery delivery(WorkItem item, Instant receivedAt) {
    return new Delivery(UUID.randomUUID(), "lease", "key", item, 1, receivedAt);
  }

  private static WorkItem issue(Instant version, String state, String title, List<String> labels) {
    return Items.issue(version, state, title, labels);
  }

  private static WorkItem named(String externalId, Instant version) {
    var item = Items.issue(version, "open", "t", JANGAR);
    return new WorkItem(
        item.source(),
        item.namespace(),
        item.sourceUid(),
        item.provider(),
        externalId,
        externalId.startsWith("octo") ? item.sourceId() : "id of " + externalId,
        item.deliveryId(),
        item.version(),
        item.event(),
        item.action(),
        item.state(),
        item.summary(),
        item.text(),
        item.labels(),
        null,
        null,
        null,
        item.bodySha256());
  }

  private GenericKubernetesResource object(String name) {
    return cluster.cached(TYPE, new Key("agents", name)).orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> spec(String name) {
    return new HashMap<>((Map<String, Object>) object(name).getAdditionalProperties().get("spec"));
  }

  private List<String> reasons() {
    return cluster.cached(ResourceType.EVENT, "agents").stream()
        .map(event -> String.valueOf(event.getAdditionalProperties().get("reason")))
        .toList();
  }
}

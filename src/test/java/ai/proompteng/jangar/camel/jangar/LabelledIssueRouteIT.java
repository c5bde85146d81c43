package ai.proompteng.jangar.camel.jangar;

import static ai.proompteng.jangar.camel.jangar.JangarFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/dispatch/labelled-issue.camel.yaml}, as it ships. */
class LabelledIssueRouteIT {
  private static final Map<String, String> ARRIVED = Map.of("jangar", "2026-01-02T03:04:06Z/1");
  private static final Map<String, String> RETURNED = Map.of("jangar", "2026-01-02T03:04:09Z/2");
  private static final List<String> LABELLED = List.of("bug", "jangar");

  private JangarFixture jangar;

  @BeforeEach
  void open() throws Exception {
    jangar =
        new JangarFixture()
            .file("policy/ask-again.camel.yaml")
            .file("dispatch/labelled-issue.camel.yaml")
            .start();
  }

  @AfterEach
  void close() {
    jangar.close();
  }

  @Test
  void the_label_asks_for_a_run_of_the_agent() {
    happens(spec("spec.ready", 1, LABELLED, ARRIVED));

    var run = runs().get(0);
    assertThat(run.getMetadata().getAnnotations())
        .containsEntry(WellKnown.SOURCE_CONTENT_HASH, "hash1");
    assertThat(run.<Map<String, Object>>get("spec"))
        .containsEntry("agentRef", Map.of("name", "sample"))
        .containsEntry("implementationSpecRef", Map.of("name", "o-r-1-impl"));
  }

  @Test
  void without_the_label_nothing_is_asked() {
    happens(spec("spec.ready", 1, List.of("jangar-not", "bug"), Map.of()));
    happens(spec("spec.changed", 2, null, null));

    assertThat(jangar.created()).isZero();
  }

  @Test
  void opened_with_the_label_followed_by_labeled_is_one_run() {
    happens(spec("spec.ready", 1, LABELLED, ARRIVED));
    happens(spec("spec.changed", 2, LABELLED, ARRIVED));

    assertThat(jangar.created()).isEqualTo(1);
  }

  @Test
  void label_edit_off_on_is_two_runs() {
    happens(spec("spec.ready", 1, LABELLED, ARRIVED));
    happens(spec("spec.changed", 2, LABELLED, ARRIVED));
    finished();
    happens(spec("spec.changed", 3, List.of("bug"), Map.of()));
    happens(spec("spec.changed", 4, LABELLED, RETURNED));

    assertThat(jangar.created()).isEqualTo(2);
  }

  @Test
  void a_label_that_returns_during_the_run_asks_for_the_one_next() {
    happens(spec("spec.ready", 1, LABELLED, ARRIVED));
    happens(spec("spec.changed", 4, LABELLED, RETURNED));
    assertThat(jangar.created()).isEqualTo(1);

    finished();
    await().until(() -> jangar.created() == 2);
  }

  @Test
  void an_api_server_that_is_away_delays_the_run_and_doubles_nothing() {
    jangar.cluster.fail(request -> request.startsWith("create"), new Unreachable("away"));
    jangar.outbox.publish(spec("spec.ready", 1, LABELLED, ARRIVED));
    await().until(() -> jangar.created() > 0);
    jangar.cluster.fail(request -> false, null);

    await().until(() -> jangar.open().isEmpty());
    await().until(() -> runs().size() == 1);
  }

  @Test
  void labels_and_names_are_data() {
    var hostile = List.of("${bean:x}", "{{x}}", "' contains 'jangar", "$(id)");
    happens(spec("spec.ready", 1, hostile, Map.of("${bean:x}", "1/1")));

    assertThat(jangar.created()).isZero();
  }

  @Test
  void the_label_may_be_any_text() throws Exception {
    jangar.close();
    var label = "it's: [one] \"{more}\" a]b";
    jangar =
        new JangarFixture()
            .file("policy/ask-again.camel.yaml")
            .file(
                "dispatch/labelled-issue.camel.yaml",
                yaml -> yaml.replace("'jangar'", "'" + label.replace("'", "''") + "'"))
            .start();

    happens(spec("spec.ready", 1, List.of(label + "-x", "it's"), Map.of(label, "1/1")));
    assertThat(jangar.created()).isZero();
    happens(spec("spec.changed", 2, List.of("bug", label), Map.of(label, "1/1")));
    happens(spec("spec.changed", 3, List.of("bug", label), Map.of(label, "1/1")));
    assertThat(jangar.created()).isEqualTo(1);
    assertThat(jangar.database.read("SELECT message_id FROM processed_messages"))
        .containsExactly("agents/I_1/" + label + "/1/1");
  }

  private void happens(Event event) {
    jangar.outbox.publish(event);
    await().until(() -> jangar.open().isEmpty());
  }

  private void finished() {
    var run = runs().get(0);
    jangar.claims.release("agents", run.getMetadata().getName(), run.getMetadata().getUid());
  }

  private List<GenericKubernetesResource> runs() {
    return jangar.cluster.cached(ResourceType.of(Kind.AGENT_RUN), "agents");
  }
}

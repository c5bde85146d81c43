package ai.proompteng.jangar.agent;

import static ai.proompteng.jangar.testing.Verdicts.message;
import static ai.proompteng.jangar.testing.Verdicts.shown;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.api.AgentStatus;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.StandardConditions;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentReconcilerTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String USABLE =
      "InvalidSpec=False/ValidSpec Ready=True/ValidSpec Unreachable=False/Reachable";
  private static final Condition READY = Condition.yes("Ready", Reason.ValidSpec, "");

  private final AgentReconciler reconciler = new AgentReconciler();

  @Test
  void an_agent_whose_provider_is_ready_is_ready() {
    assertThat(shown(reconciler.judge(agent("providerRef: {name: p}", READY)))).isEqualTo(USABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config: {a: 1}", "providerRef: {name: '  '}"})
  void an_agent_names_a_provider(String spec) {
    assertThat(shown(reconciler.judge(agent(spec, READY))))
        .isEqualTo(invalid(Reason.MissingProviderRef));
  }

  @Test
  void the_provider_exists() {
    var said = reconciler.judge(view("providerRef: {name: p}", Optional.empty()));
    assertThat(shown(said)).isEqualTo(invalid(Reason.MissingProvider));
    assertThat(message(said, "Ready")).contains("AgentProvider p");
  }

  @Test
  void the_provider_is_ready() {
    var said =
        reconciler.judge(
            agent("providerRef: {name: p}", Condition.no("Ready", Reason.MissingBinary, "")));
    assertThat(shown(said))
        .isEqualTo(
            "InvalidSpec=False/ValidSpec Ready=False/ProviderNotReady"
                + " Unreachable=False/Reachable");
    assertThat(message(said, "Ready")).contains("MissingBinary");
  }

  @Test
  void a_provider_that_nobody_has_looked_at_is_not_ready() {
    assertThat(shown(reconciler.judge(agent("providerRef: {name: p}"))))
        .contains("Ready=False/ProviderNotReady");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memoryRef: {name: m}|spec.memoryRef",
        "vcsRef: {name: v}|spec.vcsRef",
        "configSchemaRef: {kind: ConfigMap, name: c, key: k}|spec.configSchemaRef",
        "defaults: {systemPrompt: be kind}|spec.defaults.systemPrompt",
        "defaults: {systemPromptRef: {kind: Secret, name: s, key: k}}|spec.defaults.systemPromptRef"
      })
  void what_is_not_built_yet_is_refused_by_name(String asked, String field) {
    var said = reconciler.judge(agent("providerRef: {name: p}\n  " + asked, READY));
    assertThat(shown(said)).isEqualTo(invalid(Reason.NotSupportedYet));
    assertThat(message(said, "InvalidSpec")).startsWith(field + " ");
  }

  @Test
  void a_blank_system_prompt_is_none() {
    var spec = "providerRef: {name: p}\n  defaults: {systemPrompt: ' ', retryLimit: 1}";
    assertThat(shown(reconciler.judge(agent(spec, READY)))).isEqualTo(USABLE);
  }

  @Test
  void an_agent_that_does_not_decode_is_told_so() {
    var said = reconciler.judge(agent("providerRef: p", READY));
    assertThat(shown(said)).isEqualTo(invalid(Reason.Undecodable));
  }

  @Test
  void what_no_longer_holds_is_cleared() {
    var missing = reconciler.judge(view("providerRef: {name: p}", Optional.empty()));
    var then = AgentStatuses.status(new AgentStatus(null, null, null), missing, 1L, NOON);
    var later = NOON.plusSeconds(60);
    var now =
        AgentStatuses.status(
            then, reconciler.judge(agent("providerRef: {name: p}", READY)), 2L, later);
    assertThat(shown(now.conditions()))
        .isEqualTo(
            "Degraded=False/ValidSpec InvalidSpec=False/ValidSpec Progressing=False/ValidSpec"
                + " Ready=True/ValidSpec Unreachable=False/Reachable");
    assertThat(now.observedGeneration()).isEqualTo(2);
    assertThat(now.conditions())
        .filteredOn(c -> c.type().equals("Ready"))
        .singleElement()
        .satisfies(c -> assertThat(c.lastTransitionTime()).isEqualTo(later));
    assertThat(now.conditions())
        .filteredOn(c -> c.type().equals("Unreachable"))
        .singleElement()
        .satisfies(c -> assertThat(c.lastTransitionTime()).isEqualTo(NOON));
  }

  @Test
  void an_invalid_agent_is_degraded() {
    var missing = reconciler.judge(view("providerRef: {name: p}", Optional.empty()));
    assertThat(shown(StandardConditions.derive(null, missing)))
        .contains("Degraded=True/MissingProvider", "Progressing=False/MissingProvider");
  }

  private static String invalid(Reason reason) {
    return "InvalidSpec=True/%s Ready=False/%s Unreachable=False/Reachable"
        .formatted(reason, reason);
  }

  private static AgentView agent(String spec, Condition... ofProvider) {
    return view(
        spec,
        Optional.of(
            new Resource<>(null, null, new AgentProviderStatus(List.of(ofProvider), null, null))));
  }

  private static AgentView view(
      String spec, Optional<Resource<AgentProviderSpec, AgentProviderStatus>> provider) {
    var object =
        Serialization.unmarshal(
            "metadata: {name: a, namespace: agents, generation: 1}\nspec:\n  " + spec + "\n",
            GenericKubernetesResource.class);
    var attempt = Decoder.attempt(Kind.AGENT, object);
    return new AgentView(attempt.resource(), attempt.trouble(), provider);
  }
}

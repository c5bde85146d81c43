package ai.proompteng.jangar.provider;

import static ai.proompteng.jangar.testing.Verdicts.message;
import static ai.proompteng.jangar.testing.Verdicts.shown;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Reason;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderReconcilerTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String RUNNER = "binary: /usr/local/bin/agent-runner";
  private static final String USABLE =
      "Degraded=False/Healthy InvalidSpec=False/ValidSpec Ready=True/ValidSpec"
          + " Unreachable=False/Reachable Warning=False/None";

  private final ProviderReconciler reconciler = new ProviderReconciler();

  @ParameterizedTest
  @ValueSource(
      strings = {
        RUNNER + "\n  adapter: {type: exec}",
        "binary: /bin/agent",
        "binary: /bin/agent\n  secretEnv: []\n  health: {capacityFailurePolicy: degrade}",
        "binary: /bin/agent\n  outputArtifacts: [{name: diff, path: changes.diff}]"
      })
  void a_provider_that_can_be_executed_is_ready(String spec) {
    assertThat(shown(reconciler.judge(provider(spec)))).isEqualTo(USABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapter: {type: exec}", "binary: '  '"})
  void a_provider_has_a_binary(String spec) {
    assertThat(shown(reconciler.judge(provider(spec)))).isEqualTo(invalid(Reason.MissingBinary));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secretEnv: [{name: A, secretName: s, key: k}]|spec.secretEnv",
        "adapter: {type: exec, secretEnv: []}|spec.adapter.secretEnv",
        "adapter: {type: exec, codex: {secretEnv: []}}|spec.adapter.codex.secretEnv",
        "adapter: {type: codex-app-server}|spec.adapter.type: codex-app-server",
        "adapter: {}|spec.adapter.type: codex-app-server",
        "adapter: {type: other}|spec.adapter.type: other",
        "outputArtifacts: [{name: a}, {name: b, key: k}]|spec.outputArtifacts[1].key",
        "workload: {serviceAccountToken: {audience: a}}|spec.workload.serviceAccountToken",
        "adapter: {type: exec, exec: {binary: a, secretEnv: []}}|spec.adapter.exec.secretEnv",
        "adapter: {type: exec, exec: {binary: a, outputArtifacts: [{name: a, key: k}]}}|spec.adapter.exec.outputArtifacts[0].key",
        "health: {capacityFailurePolicy: block}|spec.health.capacityFailurePolicy"
      })
  void what_is_not_built_yet_is_refused_by_name(String asked, String field) {
    var said = reconciler.judge(provider(RUNNER + "\n  " + asked));
    assertThat(shown(said)).isEqualTo(invalid(Reason.NotSupportedYet));
    assertThat(message(said, "InvalidSpec")).startsWith(field);
  }

  @Test
  void a_provider_that_does_not_decode_is_told_so() {
    assertThat(shown(reconciler.judge(provider("binary: {a: b}"))))
        .isEqualTo(invalid(Reason.Undecodable));
  }

  @Test
  void what_no_longer_holds_is_cleared() {
    var none = new AgentProviderStatus(null, null, null);
    var broken = ProviderStatuses.status(none, reconciler.judge(provider("binary: ''")), 1L, NOON);
    assertThat(shown(broken.conditions())).contains("Degraded=True/MissingBinary");
    var repaired =
        ProviderStatuses.status(broken, reconciler.judge(provider("binary: /bin/a")), 2L, NOON);
    assertThat(shown(repaired.conditions()))
        .isEqualTo(
            "Degraded=False/Healthy InvalidSpec=False/ValidSpec Progressing=False/ValidSpec"
                + " Ready=True/ValidSpec Unreachable=False/Reachable Warning=False/None");
  }

  private static String invalid(Reason reason) {
    return "InvalidSpec=True/%s Ready=False/%s Unreachable=False/Reachable Warning=False/None"
        .formatted(reason, reason);
  }

  private static ProviderView provider(String spec) {
    var object =
        Serialization.unmarshal(
            "metadata: {name: p, namespace: agents, generation: 1}\nspec:\n  " + spec + "\n",
            GenericKubernetesResource.class);
    var attempt = Decoder.attempt(Kind.AGENT_PROVIDER, object);
    return new ProviderView(attempt.resource(), attempt.trouble());
  }
}

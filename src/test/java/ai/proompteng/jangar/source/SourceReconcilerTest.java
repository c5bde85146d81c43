package ai.proompteng.jangar.source;

import static ai.proompteng.jangar.testing.Verdicts.message;
import static ai.proompteng.jangar.testing.Verdicts.shown;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSourceStatus;
import ai.proompteng.jangar.api.ImplementationSourceStatus.LastWebhook;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.source.SourceSecrets.SecretKey;
import ai.proompteng.jangar.source.SourceView.Seen;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceReconcilerTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final int ATTEMPTS = 5;
  private static final String AUTH = "auth: {secretRef: {name: gh}}";
  private static final String WEBHOOK = "webhook: {enabled: true}";
  private static final String SCOPE = "scope: {repository: octo/hello}";
  private static final String GITHUB = spec("provider: github", AUTH, WEBHOOK, SCOPE);
  private static final SecretKey TOKEN = new SecretKey("spec.auth.secretRef", "gh", "token");
  private static final SecretKey BESIDE =
      new SecretKey("spec.auth.secretRef", "gh", "webhookSecret");

  private final SourceReconciler reconciler = new SourceReconciler(ATTEMPTS);

  @Test
  void a_source_that_is_in_order_waits_for_webhooks() {
    var judgement = reconciler.judge(source(GITHUB));
    assertThat(shown(judgement.said()))
        .isEqualTo(
            "Error=False/None InvalidSpec=False/ValidSpec Ready=True/WebhookReady"
                + " Syncing=False/Idle Unreachable=False/Reachable");
    assertThat(judgement.lookAgain()).isEmpty();
  }

  @Test
  void a_source_has_a_provider() {
    refused(spec(AUTH, WEBHOOK, SCOPE), Reason.MissingProvider, "spec.provider");
  }

  @Test
  void the_provider_is_one_that_we_know() {
    refused(
        spec("provider: gitlab", AUTH, WEBHOOK, SCOPE),
        Reason.UnsupportedProvider,
        "spec.provider gitlab");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scope: {}",
        "scope: {labels: [a]}",
        "scope: {repository: hello}",
        "scope: {repository: octo/hello/world}",
        "scope: {repository: -octo/hello}",
        "scope: {repository: 'octo/he llo'}"
      })
  void the_repository_is_owner_and_name(String scope) {
    refused(spec("provider: github", AUTH, WEBHOOK, scope), Reason.InvalidRepository, "spec.scope");
  }

  @Test
  void an_organization_may_stand_alone() {
    var said =
        reconciler
            .judge(source(spec("provider: github", AUTH, WEBHOOK, "scope: {organization: octo}")))
            .said();
    assertThat(shown(said)).contains("Ready=True/WebhookReady");
  }

  @ParameterizedTest
  @CsvSource({"team", "project"})
  void github_has_no_such_scope(String field) {
    refused(
        spec(
            "provider: github", AUTH, WEBHOOK, "scope: {repository: octo/hello, " + field + ": x}"),
        Reason.UnsupportedScope,
        "spec.scope." + field);
  }

  @Test
  void a_scope_has_limits() {
    var many = IntStream.range(0, 51).mapToObj(i -> "l" + i).collect(Collectors.joining(", "));
    var scope = "scope: {repository: octo/hello, labels: [" + many + "]}";
    refused(spec("provider: github", AUTH, WEBHOOK, scope), Reason.ScopeTooLarge, "spec.scope");
    var wide = "scope: {repository: octo/hello, labels: [" + "x".repeat(513) + "]}";
    refused(spec("provider: github", AUTH, WEBHOOK, wide), Reason.ScopeTooLarge, "a text");
    var mapping =
        IntStream.range(0, 33).mapToObj(i -> "k" + i + ": v").collect(Collectors.joining(", "));
    refused(
        spec("provider: github", AUTH, WEBHOOK, SCOPE, "mapping: {" + mapping + "}"),
        Reason.ScopeTooLarge,
        "spec.mapping");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "poll: {intervalSeconds: 60}|spec.poll",
        "mapping: {summary: x}|spec.mapping",
        "scope: {repository: octo/hello, query: is:open}|spec.scope.query"
      })
  void what_is_not_built_yet_is_refused_by_name(String asked, String field) {
    var scope = asked.startsWith("scope") ? "" : SCOPE;
    refused(spec("provider: github", AUTH, WEBHOOK, scope, asked), Reason.NotSupportedYet, field);
  }

  @Test
  void linear_comes_later() {
    refused(
        spec("provider: linear", AUTH, WEBHOOK), Reason.NotSupportedYet, "spec.provider: linear");
  }

  @Test
  void a_source_names_a_secret() {
    refused(
        spec("provider: github", "auth: {secretRef: {name: ''}}", WEBHOOK, SCOPE),
        Reason.MissingSecretRef,
        "spec.auth.secretRef.name");
  }

  @Test
  void the_secret_exists() {
    var judgement = reconciler.judge(source(GITHUB, Map.of(TOKEN, Seen.NO_SECRET)));
    assertThat(shown(judgement.said()))
        .isEqualTo(
            "Error=False/None InvalidSpec=False/ValidSpec Ready=False/SecretNotFound"
                + " Syncing=False/Idle Unreachable=True/SecretNotFound");
    assertThat(judgement.lookAgain()).hasValue(Duration.ofSeconds(30));
  }

  @Test
  void the_secret_has_the_key() {
    var judgement =
        reconciler.judge(source(GITHUB, Map.of(TOKEN, Seen.NO_KEY, BESIDE, Seen.NO_KEY)));
    assertThat(shown(judgement.said()))
        .contains("InvalidSpec=True/SecretKeyMissing", "Ready=False/SecretKeyMissing");
    assertThat(judgement.lookAgain()).hasValue(Duration.ofSeconds(30));
  }

  @Test
  void a_signing_secret_beside_it_makes_up_for_the_token() {
    var view = source(GITHUB, Map.of(TOKEN, Seen.NO_KEY, BESIDE, Seen.FOUND));
    assertThat(shown(reconciler.judge(view).said())).contains("Ready=True/WebhookReady");
    assertThat(view.signsWithToken()).isFalse();
  }

  @Test
  void a_token_that_signs_is_noticed() {
    assertThat(source(GITHUB, Map.of(TOKEN, Seen.FOUND, BESIDE, Seen.NO_KEY)).signsWithToken())
        .isTrue();
  }

  @Test
  void each_signing_secret_that_is_named_exists() {
    var webhook = "webhook: {enabled: true, secretRefs: [{name: old}, {name: new, key: k}]}";
    var second = new SecretKey("spec.webhook.secretRefs[1]", "new", "k");
    var view =
        source(spec("provider: github", AUTH, webhook, SCOPE), Map.of(second, Seen.NO_SECRET));
    var said = reconciler.judge(view).said();
    assertThat(shown(said)).contains("Unreachable=True/SecretNotFound");
    assertThat(message(said, "Unreachable")).startsWith("spec.webhook.secretRefs[1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook: {enabled: false}", "webhook: {}", "mapping: {}"})
  void without_a_webhook_nothing_comes(String webhook) {
    var said = reconciler.judge(source(spec("provider: github", AUTH, SCOPE, webhook))).said();
    assertThat(shown(said)).contains("Ready=False/WebhookDisabled", "InvalidSpec=False/ValidSpec");
  }

  @Test
  void a_source_that_does_not_decode_is_told_so() {
    refused(spec("provider: github", "auth: gh"), Reason.Undecodable, "ImplementationSource");
  }

  @Test
  void a_delivery_that_was_applied_shows() {
    var said = reconciler.judge(source(GITHUB, last("synced", 1))).said();
    assertThat(shown(said)).contains("Ready=True/WebhookSynced", "Error=False/None");
  }

  @ParameterizedTest
  @CsvSource({
    "retrying,2,WebhookFailed",
    "failed,0,InvalidPayload",
    "failed,1,WebhookFailed",
    "failed,5,WebhookExhausted"
  })
  void a_delivery_that_failed_shows(String state, int attempts, String reason) {
    var said = reconciler.judge(source(GITHUB, last(state, attempts))).said();
    assertThat(shown(said)).contains("Error=True/" + reason, "Ready=True/WebhookReady");
    assertThat(message(said, "Error")).isEqualTo("delivery d-1: no room");
  }

  @Test
  void an_error_is_cleared_by_the_next_success() {
    var none = new ImplementationSourceStatus(null, null, null, null, null, null);
    var failed = last("failed", ATTEMPTS);
    var bad =
        SourceStatuses.status(
            none, reconciler.judge(source(GITHUB, failed)).said(), Optional.of(failed), 1L, NOON);
    var synced = last("synced", 1);
    var good =
        SourceStatuses.status(
            bad,
            reconciler.judge(source(GITHUB, synced, bad.conditions())).said(),
            Optional.of(synced),
            1L,
            NOON);
    assertThat(shown(good.conditions()))
        .isEqualTo(
            "Degraded=False/WebhookSynced Error=False/Recovered InvalidSpec=False/ValidSpec"
                + " Progressing=False/WebhookSynced Ready=True/WebhookSynced Syncing=False/Idle"
                + " Unreachable=False/Reachable");
    assertThat(bad.lastSyncedAt()).isNull();
    assertThat(good.lastSyncedAt()).isEqualTo(NOON);
    assertThat(good.lastWebhook()).isEqualTo(synced);
  }

  @Test
  void a_ledger_without_a_row_leaves_what_was_told() {
    var synced = last("synced", 1);
    var old = new ImplementationSourceStatus(List.of(), 1L, NOON, NOON, "c", synced);
    var now =
        SourceStatuses.status(
            old, reconciler.judge(source(GITHUB)).said(), Optional.empty(), 2L, NOON);
    assertThat(now.lastWebhook()).isEqualTo(synced);
    assertThat(now.lastSyncedAt()).isEqualTo(NOON);
    assertThat(now.cursor()).isEqualTo("c");
  }

  private void refused(String spec, Reason reason, String message) {
    var said = reconciler.judge(source(spec)).said();
    assertThat(shown(said))
        .isEqualTo(
            ("Error=False/None InvalidSpec=True/%s Ready=False/%s Syncing=False/Idle"
                    + " Unreachable=False/Reachable")
                .formatted(reason, reason));
    assertThat(message(said, "InvalidSpec")).startsWith(message);
  }

  private static String spec(String... parts) {
    return String.join("\n  ", parts);
  }

  private static LastWebhook last(String status, int attempts) {
    return new LastWebhook(
        "github:d-1",
        "d-1",
        "github",
        "octo/hello#1",
        null,
        NOON,
        NOON,
        attempts,
        status,
        "no room");
  }

  private static SourceView source(String spec) {
    return view(spec, Map.of(), Optional.empty(), List.of());
  }

  private static SourceView source(String spec, Map<SecretKey, Seen> secrets) {
    return view(spec, secrets, Optional.empty(), List.of());
  }

  private static SourceView source(String spec, LastWebhook last) {
    return view(spec, Map.of(), Optional.of(last), List.of());
  }

  private static SourceView source(String spec, LastWebhook last, List<Condition> before) {
    return view(spec, Map.of(), Optional.of(last), before);
  }

  private static SourceView view(
      String spec,
      Map<SecretKey, Seen> unlike,
      Optional<LastWebhook> last,
      List<Condition> before) {
    var object =
        Serialization.unmarshal(
            "metadata: {name: s, namespace: agents, generation: 1}\nspec:\n  " + spec + "\n",
            GenericKubernetesResource.class);
    object.setAdditionalProperty(
        "status", Decoder.mapper().convertValue(Map.of("conditions", before), Map.class));
    var attempt = Decoder.attempt(Kind.IMPLEMENTATION_SOURCE, object);
    var secrets = new LinkedHashMap<SecretKey, Seen>();
    SourceSecrets.candidates(attempt.resource().spec()).forEach(k -> secrets.put(k, Seen.FOUND));
    SourceSecrets.token(attempt.resource().spec()).ifPresent(k -> secrets.put(k, Seen.FOUND));
    secrets.putAll(unlike);
    return new SourceView(attempt.resource(), attempt.trouble(), secrets, last);
  }
}

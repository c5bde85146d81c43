package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.StatusWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static Settings of(String name, String value) {
    return Settings.of(Map.of(name, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "yes", "on", "TRUE", "Yes", "oN"})
  void a_word_for_yes_is_yes(String word) {
    var settings = of("JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED", word);
    assertThat(settings.get(Settings.IDEMPOTENCY)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false", "no", "off", "False", "OFF"})
  void a_word_for_no_is_no(String word) {
    var settings = of("JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED", word);
    assertThat(settings.get(Settings.IDEMPOTENCY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", " a , b ,", "[\"a\",\"b\"]", "a,b,a"})
  void a_list_is_written_with_commas_or_as_json(String list) {
    var settings = of("JANGAR_AGENTS_CONTROLLER_NAMESPACES", list);
    assertThat(settings.get(Settings.NAMESPACES)).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED | maybe | 1, true, yes, on or 0, false, no, off",
        "PORT | eight | a whole number from 0 to 65535",
        "PORT | 65536 | a whole number from 0 to 65535",
        "PORT | 1.5 | a whole number from 0 to 65535",
        "JANGAR_WEBHOOK_MAX_BODY_BYTES | 1023 | a whole number from 1024 to 26214400",
        "JANGAR_AGENTS_CONTROLLER_NAMESPACES | a,B | DNS labels",
        "JANGAR_AGENTS_CONTROLLER_NAMESPACES | [] | DNS labels",
        "JANGAR_AGENTS_CONTROLLER_NAMESPACES | [\"a\" | DNS labels",
        "JANGAR_AGENT_RUNNER_TOLERATIONS | {} | a JSON array",
        "JANGAR_AGENT_RUNNER_AFFINITY | {\"a\": | a JSON object",
        "JANGAR_AUTH_MODE | kubernetes | one of deny, token, open",
      })
  void a_bad_value_is_refused_by_its_name_and_the_form_it_must_have(
      String name, String value, String form) {
    assertThatThrownBy(() -> of(name, value))
        .isInstanceOf(Setting.BadSetting.class)
        .hasMessageStartingWith(name + " must be ")
        .hasMessageContaining(form)
        .hasMessageContaining(value);
  }

  @Test
  void all_bad_values_are_named_at_once() {
    assertThatThrownBy(() -> Settings.of(Map.of("PORT", "x", "JANGAR_WEBHOOK_RATE_BURST", "0")))
        .hasMessageContaining("PORT must be")
        .hasMessageContaining("JANGAR_WEBHOOK_RATE_BURST must be");
  }

  @Test
  void a_bad_secret_is_not_repeated() {
    assertThatThrownBy(() -> of("DATABASE_URL", "mysql://me:hunter2@db/x"))
        .hasMessageStartingWith("DATABASE_URL must be postgres://")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @MethodSource("all")
  void an_empty_value_counts_as_unset(Setting<?> setting) {
    var unset = Settings.of(Map.of());
    assertThat(of(setting.name(), "").find(setting)).isEqualTo(unset.find(setting));
    assertThat(of(setting.name(), " ").find(setting)).isEqualTo(unset.find(setting));
  }

  static List<Setting<?>> all() {
    return Settings.ALL;
  }

  @Test
  void what_must_be_set_is_named_with_what_it_is_for() {
    assertThatThrownBy(() -> Settings.of(Map.of()).get(Settings.DATABASE_URL))
        .isInstanceOf(Setting.BadSetting.class)
        .hasMessageStartingWith("DATABASE_URL must be set: ");
  }

  @Test
  void what_is_in_force_is_shown_and_secrets_are_not() {
    var settings =
        Settings.of(Map.of("DATABASE_URL", "postgres://me:hunter2@db/x", "PORT", "8081"));
    assertThat(settings.effective())
        .containsEntry("PORT", "8081")
        .containsEntry("DATABASE_URL", "***")
        .containsEntry("JANGAR_HTTP_HOST", "0.0.0.0");
    assertThat(settings.effective().toString()).doesNotContain("hunter2");
  }

  @Test
  void a_misspelt_name_is_found_and_the_nearest_said() {
    var settings =
        Settings.of(
            Map.of("JANGAR_AGENTS_CONTROLER_NAMESPACES", "a", "JANGAR_EMPTY", "", "OTHER", "b"));
    assertThat(settings.unknown()).containsExactly("JANGAR_AGENTS_CONTROLER_NAMESPACES");
    assertThat(Misspelt.nearest("JANGAR_AGENTS_CONTROLER_NAMESPACES", Settings.names()))
        .contains("JANGAR_AGENTS_CONTROLLER_NAMESPACES");
    assertThat(Misspelt.nearest("JANGAR_NOTHING_LIKE_IT_AT_ALL", Settings.names())).isEmpty();
  }

  @Test
  void what_kubernetes_says_of_services_is_no_setting() {
    var links = new HashMap<String, String>();
    links.put("JANGAR_SERVICE_HOST", "10.0.0.1");
    links.put("JANGAR_SERVICE_PORT", "80");
    links.put("JANGAR_SERVICE_PORT_HTTP", "80");
    links.put("JANGAR_PORT", "tcp://10.0.0.1:80");
    links.put("JANGAR_PORT_80_TCP", "tcp://10.0.0.1:80");
    links.put("JANGAR_METRICS_PORT_9090_TCP_ADDR", "10.0.0.1");
    assertThat(Settings.of(links).unknown()).isEmpty();
  }

  @Test
  void what_has_no_effect_yet_is_told_and_its_value_is_not_read() {
    var settings = of("JANGAR_GRPC_ENABLED", "perhaps");
    assertThat(settings.later()).containsExactly("JANGAR_GRPC_ENABLED");
    assertThat(settings.unknown()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10, 10, 2", "10, 11, 2", "30, 5, 5", "30, 5, 6"})
  void the_times_of_a_lease_are_in_order_or_the_start_ends(
      String lease, String renew, String retry) {
    var settings =
        Settings.of(
            Map.of(
                "JANGAR_LEADER_ELECTION_LEASE_DURATION_SECONDS",
                lease,
                "JANGAR_LEADER_ELECTION_RENEW_DEADLINE_SECONDS",
                renew,
                "JANGAR_LEADER_ELECTION_RETRY_PERIOD_SECONDS",
                retry));
    assertThatThrownBy(() -> new Options(settings).leadership())
        .isInstanceOf(Setting.BadSetting.class)
        .hasMessage(
            "JANGAR_LEADER_ELECTION_RETRY_PERIOD_SECONDS must be below"
                + " JANGAR_LEADER_ELECTION_RENEW_DEADLINE_SECONDS, and that below"
                + " JANGAR_LEADER_ELECTION_LEASE_DURATION_SECONDS");
  }

  @Test
  void what_is_kept_and_for_how_long_reaches_its_part() {
    var options =
        new Options(
            Settings.of(
                Map.of(
                    "JANGAR_CONTROLLER_EVENTS_ENABLED",
                    "off",
                    "JANGAR_CONTROLLER_EVENTS_RATE_LIMIT_PER_MIN",
                    "7",
                    "JANGAR_CONTROLLER_CONFLICT_RETRY_ATTEMPTS",
                    "0",
                    "JANGAR_CONTROLLER_CONFLICT_RETRY_BASE_MS",
                    "50",
                    "JANGAR_CONTROLLER_DB_TIMEOUT_MS",
                    "2000",
                    "JANGAR_CONTROLLER_FINALIZER_CLEANUP_TIMEOUT_MS",
                    "1000",
                    "JANGAR_AGENTRUN_ARTIFACTS_STRICT",
                    "true",
                    "JANGAR_WEBHOOK_RETENTION_DAYS",
                    "3",
                    "JANGAR_AGENTRUN_IDEMPOTENCY_RETENTION_DAYS",
                    "90")));
    assertThat(options.events()).isEqualTo(new Events.Limits(false, 7));
    assertThat(options.statuses()).isEqualTo(new StatusWriter.Limits(0, Duration.ofMillis(50)));
    assertThat(options.database().query()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.runs().cleanupTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.runs().artifactsStrict()).isTrue();
    assertThat(options.placeholders().values()).containsExactlyInAnyOrder("3", "90");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "localhost.example.com"})
  void everybody_is_let_in_on_loopback_alone(String host) {
    var open = Map.of("JANGAR_AUTH_MODE", "open", "JANGAR_HTTP_HOST", host);
    assertThatThrownBy(() -> new Options(Settings.of(open)).access())
        .isInstanceOf(Setting.BadSetting.class)
        .hasMessageContaining("JANGAR_AUTH_MODE=open lets everybody in: JANGAR_HTTP_HOST must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
  void on_loopback_it_may_be_everybody(String host) {
    var open = Map.of("JANGAR_AUTH_MODE", "open", "JANGAR_HTTP_HOST", host);
    assertThat(new Options(Settings.of(open)).access().caller(null)).isPresent();
  }

  @Test
  void mode_token_needs_a_file_and_a_bad_line_ends_the_start(@TempDir Path folder)
      throws Exception {
    assertThatThrownBy(() -> new Options(of("JANGAR_AUTH_MODE", "token")).access())
        .hasMessageContaining("JANGAR_AUTH_TOKENS_FILE must be set");
    var file = Files.writeString(folder.resolve("tokens"), "secret-word ops agents read");
    var settings =
        Settings.of(
            Map.of("JANGAR_AUTH_MODE", "token", "JANGAR_AUTH_TOKENS_FILE", file.toString()));
    assertThatThrownBy(() -> new Options(settings).access())
        .isInstanceOf(Setting.BadSetting.class)
        .hasMessageStartingWith("JANGAR_AUTH_TOKENS_FILE: line 1 must begin with sha256:")
        .hasMessageNotContaining("secret-word");
    assertThat(new Options(Settings.of(Map.of())).access().caller("Bearer any")).isEmpty();
  }

  @Test
  void a_name_is_known_once() {
    var all = new ArrayList<String>();
    Settings.ALL.forEach(setting -> all.add(setting.name()));
    all.addAll(Settings.ELSEWHERE.keySet());
    LaterSettings.ALL.forEach(later -> all.addAll(later.names()));
    assertThat(all).as("a name that gets its effect leaves LaterSettings").doesNotHaveDuplicates();
    assertThat(Settings.names()).isEqualTo(new HashSet<>(all));
  }
}

package ai.proompteng.jangar;

import ai.proompteng.jangar.agentrun.RunOptions;
import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.kube.ElectedLeader;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.rest.Access;
import ai.proompteng.jangar.rest.HttpLimits;
import ai.proompteng.jangar.rest.StaticTokens;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.store.Backoff;
import ai.proompteng.jangar.store.Database;
import ai.proompteng.jangar.store.DatabaseUrl;
import ai.proompteng.jangar.store.Ledger;
import com.fasterxml.jackson.core.type.TypeReference;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The settings, as each part wants to be told them. */
record Options(Settings settings) {
  /** How much of the end of a run's log is kept (decision 39). */
  static final int KEPT_LOG_BYTES = 64 << 10;

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|0:0:0:0:0:0:0:1");

  /**
   * Where the shipped routes lie: beside the jar; for a folder of classes, in the working
   * directory.
   */
  Path shippedRoutes() {
    try {
      var code = Path.of(Wiring.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(code) ? Path.of("routes") : code.resolveSibling("routes");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where an operator's routes lie, if anywhere. */
  Optional<Path> operatorsRoutes() {
    return settings.find(Settings.ROUTES_DIR).map(Path::of);
  }

  /** The routes that run although their file says otherwise. */
  Set<String> startedRoutes() {
    return Set.copyOf(settings.find(Settings.ROUTES_STARTED).orElse(List.of()));
  }

  /** How long it is between two requests to GitHub. */
  Duration gitHubSpacing() {
    return Duration.ofMillis(settings.get(Settings.GITHUB_SPACING));
  }

  /** Where the meters are scraped; empty for nowhere. */
  Optional<String> metricsPath() {
    return settings.get(Settings.METRICS) ? settings.find(Settings.METRICS_PATH) : Optional.empty();
  }

  /** Where the database is, and by whose word it is believed. */
  DatabaseUrl databaseUrl() {
    var url = DatabaseUrl.parse(settings.get(Settings.DATABASE_URL));
    return settings
        .find(Settings.DATABASE_CA)
        .or(() -> settings.find(Settings.DATABASE_CA_ALIAS))
        .map(url::verifiedBy)
        .orElse(url);
  }

  /** The namespaces that are watched, one at least. */
  List<String> namespaces() {
    return settings
        .find(Settings.NAMESPACES)
        .or(() -> settings.find(Settings.POD_NAMESPACE))
        .orElse(List.of("agents"));
  }

  /**
   * The Lease that decides who leads, and its times.
   *
   * @throws Setting.BadSetting when they are out of order
   */
  ElectedLeader.Terms leadership() {
    var namespace =
        settings
            .find(Settings.LEASE_NAMESPACE)
            .or(() -> settings.find(Settings.POD_NAMESPACE))
            .orElse(namespaces())
            .get(0);
    try {
      return new ElectedLeader.Terms(
          namespace,
          settings.get(Settings.LEASE_NAME),
          settings.get(Settings.LEASE_DURATION),
          settings.get(Settings.RENEW_DEADLINE),
          settings.get(Settings.RETRY_PERIOD));
    } catch (IllegalArgumentException e) {
      throw new Setting.BadSetting(
          "%s must be below %s, and that below %s"
              .formatted(
                  Settings.RETRY_PERIOD.name(),
                  Settings.RENEW_DEADLINE.name(),
                  Settings.LEASE_DURATION.name()));
    }
  }

  /** The first part of a leader's identity: the pod's name and uid. */
  String pod() {
    return settings.get(Settings.HOSTNAME)
        + settings.find(Settings.POD_UID).map(uid -> "_" + uid).orElse("");
  }

  Database.Limits database() {
    var usual = Database.Limits.defaults();
    return new Database.Limits(
        settings.get(Settings.DATABASE_POOL),
        usual.connect(),
        usual.acquire(),
        settings.get(Settings.DATABASE_TIMEOUT),
        usual.retry(),
        settings.get(Settings.MIGRATIONS) && !settings.get(Settings.SKIP_MIGRATIONS));
  }

  Ledger.Limits ledger() {
    return new Ledger.Limits(
        settings.get(Settings.LEDGER_QUEUE),
        Ledger.Limits.defaults().lease(),
        new Backoff(
            settings.get(Settings.LEDGER_RETRY_BASE), settings.get(Settings.LEDGER_RETRY_MAX)),
        settings.get(Settings.LEDGER_ATTEMPTS));
  }

  StatusWriter.Limits statuses() {
    return new StatusWriter.Limits(
        settings.get(Settings.CONFLICT_RETRIES), settings.get(Settings.CONFLICT_BASE));
  }

  Events.Limits events() {
    return new Events.Limits(settings.get(Settings.EVENTS), settings.get(Settings.EVENTS_RATE));
  }

  /** What route files may name as {@code {{...}}}. */
  Map<String, String> placeholders() {
    return Map.of(
        "jangar.webhook.retentionDays",
        String.valueOf(settings.get(Settings.WEBHOOK_RETENTION)),
        "jangar.idempotency.retentionDays",
        String.valueOf(settings.get(Settings.IDEMPOTENCY_RETENTION)));
  }

  /**
   * Who may call over REST.
   *
   * @throws Setting.BadSetting when the mode lacks what it needs
   */
  Access access() {
    return switch (settings.get(Settings.AUTH_MODE)) {
      case "token" -> tokens();
      case "open" -> open();
      default -> Access.NOBODY;
    };
  }

  private Access tokens() {
    var file = settings.get(Settings.AUTH_TOKENS);
    try {
      return StaticTokens.read(file);
    } catch (IllegalArgumentException e) {
      throw new Setting.BadSetting(Settings.AUTH_TOKENS.name() + ": " + e.getMessage());
    }
  }

  private Access open() {
    var host = settings.get(Settings.HTTP_HOST);
    if (!LOOPBACK.matcher(host).matches()) {
      throw new Setting.BadSetting(
          "%s=open lets everybody in: %s must be 127.0.0.1, ::1 or localhost, not \"%s\""
              .formatted(Settings.AUTH_MODE.name(), Settings.HTTP_HOST.name(), host));
    }
    return Access.EVERYONE;
  }

  HttpLimits http() {
    return HttpLimits.defaults()
        .withWebhooks(
            settings.get(Settings.WEBHOOK_BODY),
            settings.get(Settings.WEBHOOK_RATE),
            settings.get(Settings.WEBHOOK_BURST));
  }

  RunOptions runs() {
    var usual = RunOptions.defaults();
    return new RunOptions(
        settings.get(Settings.DEPENDENCY_GRACE),
        settings.get(Settings.IMMUTABILITY),
        settings.get(Settings.IDEMPOTENCY),
        settings.get(Settings.ARTIFACTS_MAX),
        settings.get(Settings.ARTIFACTS_STRICT),
        usual.settleFor(),
        settings.get(Settings.CLEANUP_TIMEOUT),
        KEPT_LOG_BYTES);
  }

  RunnerDefaults runner() {
    return new RunnerDefaults(
        settings
            .find(Settings.RUNNER_IMAGE)
            .or(() -> settings.find(Settings.AGENT_IMAGE))
            .orElse(null),
        settings.get(Settings.RUNNER_SERVICE_ACCOUNT),
        settings.get(Settings.RUNNER_JOB_TTL),
        settings.get(Settings.RUNNER_LOG_RETENTION),
        settings.get(Settings.RUNNER_BACKOFF_LIMIT),
        settings.find(Settings.RUNNER_PRIORITY_CLASS).orElse(null),
        settings.find(Settings.RUNNER_SCHEDULER).orElse(null),
        json(Settings.RUNNER_NODE_SELECTOR, Map.of(), new TypeReference<>() {}),
        json(Settings.RUNNER_TOLERATIONS, List.of(), new TypeReference<>() {}),
        json(Settings.RUNNER_TOPOLOGY, List.of(), new TypeReference<>() {}),
        json(Settings.RUNNER_AFFINITY, Map.of(), new TypeReference<>() {}),
        json(Settings.RUNNER_POD_SECURITY, Map.of(), new TypeReference<>() {}),
        json(Settings.RUNNER_PULL_SECRETS, List.of(), new TypeReference<>() {}),
        json(
            Settings.RUNNER_RESOURCES,
            new AgentRunSpec.Resources(Map.of(), Map.of()),
            new TypeReference<>() {}));
  }

  private <T> T json(Setting<Object> setting, T otherwise, TypeReference<T> shape) {
    return settings
        .find(setting)
        .map(value -> Decoder.mapper().convertValue(value, shape))
        .orElse(otherwise);
  }
}

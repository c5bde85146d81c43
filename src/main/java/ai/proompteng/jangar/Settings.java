package ai.proompteng.jangar;

import ai.proompteng.jangar.store.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every setting, once. A bad value stops the start; an empty one counts as unset
 * (integrations-and-helm.md 6, agentrun.md appendix A).
 */
public final class Settings {
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

  private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

  // the server
  static final Setting<Integer> PORT =
      Setting.integer("PORT", 8080, 0, 65535, "HTTP port; 0 takes a free one");
  static final Setting<String> HTTP_HOST =
      Setting.text("JANGAR_HTTP_HOST", "0.0.0.0", "the address that HTTP binds to");
  static final Setting<String> DATABASE_URL =
      Setting.secret(
          "DATABASE_URL",
          "postgres://, postgresql:// or jdbc:postgresql://",
          "the PostgreSQL that keeps the ledger, the runs and the audit",
          DatabaseUrl::parse);
  static final Setting<Path> DATABASE_CA =
      Setting.certificates(
          "PGSSLROOTCERT",
          "the authority that the database's certificate must be of; the connection is then"
              + " verified whatever the URL's sslmode");
  static final Setting<Path> DATABASE_CA_ALIAS =
      Setting.certificates("JANGAR_DB_CA_CERT", "the same as PGSSLROOTCERT, which wins");
  static final Setting<Boolean> MIGRATIONS =
      Setting.migrations(
          "JANGAR_MIGRATIONS",
          "bring the schema up at the start; without it another process does, and this one waits");
  static final Setting<Boolean> SKIP_MIGRATIONS =
      Setting.flag("JANGAR_SKIP_MIGRATIONS", false, "the older name of JANGAR_MIGRATIONS=skip");
  static final Setting<Integer> DATABASE_POOL =
      Setting.integer("JANGAR_DB_POOL_SIZE", 12, 4, 100, "connections to PostgreSQL");
  static final Setting<String> ROUTES_DIR =
      Setting.text(
          "JANGAR_ROUTES_DIR",
          null,
          "operators' route files; one there replaces the shipped one of the same path");
  static final Setting<List<String>> ROUTES_STARTED =
      Setting.routes(
          "JANGAR_ROUTES_STARTED",
          "routes that run although their file says autoStartup: false, github-comment say");
  static final Setting<URI> GITHUB_API =
      Setting.address(
          "JANGAR_GITHUB_API_BASE_URL",
          "https://api.github.com",
          "GitHub's REST API; https://<host>/api/v3 for GitHub Enterprise Server");
  static final Setting<Integer> GITHUB_SPACING =
      Setting.integer(
          "JANGAR_GITHUB_MIN_REQUEST_SPACING_MS",
          250,
          0,
          60_000,
          "milliseconds between two requests to GitHub");
  static final Setting<String> AUTH_MODE =
      Setting.oneOf(
          "JANGAR_AUTH_MODE",
          "deny",
          List.of("deny", "token", "open"),
          "who may call /v1, webhooks apart: nobody, who has a token, everybody on this machine");
  static final Setting<Path> AUTH_TOKENS =
      Setting.file(
          "JANGAR_AUTH_TOKENS_FILE",
          "with mode token: lines sha256:<hex> <principal> <namespace,...> <read or write>");
  static final Setting<Integer> WEBHOOK_BODY =
      Setting.integer(
          "JANGAR_WEBHOOK_MAX_BODY_BYTES",
          5 << 20,
          1 << 10,
          25 << 20,
          "the largest webhook body that is read");
  static final Setting<Integer> WEBHOOK_RATE =
      Setting.integer(
          "JANGAR_WEBHOOK_RATE_PER_SECOND",
          50,
          0,
          100_000,
          "webhook requests a second and address; 0 is off");
  static final Setting<Integer> WEBHOOK_BURST =
      Setting.integer(
          "JANGAR_WEBHOOK_RATE_BURST", 200, 1, 100_000, "webhook requests that may come at once");

  static final Setting<Boolean> METRICS =
      Setting.flag("JANGAR_PROMETHEUS_METRICS_ENABLED", true, "meters may be scraped over HTTP");
  static final Setting<String> METRICS_PATH =
      Setting.path(
          "JANGAR_PROMETHEUS_METRICS_PATH",
          "/metrics",
          List.of("/health", "/ready", "/v1", "/api"),
          "where they are scraped");
  // the log's own configuration reads these two: they are here so that a wrong word stops the start
  static final Setting<String> LOG_LEVEL =
      Setting.oneOf("JANGAR_LOG_LEVEL", "info", LEVELS, "the least level that is logged");
  static final Setting<String> LOG_LIBRARIES =
      Setting.oneOf("JANGAR_LOG_LIBRARIES", "warn", LEVELS, "the same for the libraries");

  // the controller
  static final Setting<Boolean> CONTROLLER =
      Setting.flag(
          "JANGAR_AGENTS_CONTROLLER_ENABLED",
          true,
          "reconcile, drain and dispatch; without it the process serves HTTP and its other routes");
  static final Setting<List<String>> NAMESPACES =
      Setting.namespaces(
          "JANGAR_AGENTS_CONTROLLER_NAMESPACES",
          null,
          "the namespaces that are watched; the pod's where none is named, and agents without a pod");
  static final Setting<Duration> RESYNC =
      Setting.seconds(
          "JANGAR_AGENTS_CONTROLLER_RESYNC_INTERVAL_SECONDS",
          60,
          5,
          3600,
          "how often the cache is walked for what was missed");
  static final Setting<Duration> UNTOUCHED_WARN_AFTER =
      Setting.seconds(
          "JANGAR_AGENTS_CONTROLLER_UNTOUCHED_WARN_AFTER_SECONDS",
          120,
          5,
          86_400,
          "how long a run may go without a pass before the controller counts as degraded");
  static final Setting<Integer> RECONCILE_CONCURRENCY =
      Setting.integer(
          "JANGAR_AGENTS_CONTROLLER_RECONCILE_CONCURRENCY",
          4,
          1,
          64,
          "objects of a kind that are reconciled at once");
  static final Setting<Duration> DEPENDENCY_GRACE =
      Setting.seconds(
          "JANGAR_AGENTS_CONTROLLER_DEPENDENCY_GRACE_SECONDS",
          60,
          0,
          86_400,
          "how long a run waits for what it refers to");
  static final Setting<Integer> LEDGER_QUEUE =
      Setting.integer(
          "JANGAR_AGENTS_CONTROLLER_WEBHOOK_QUEUE_SIZE",
          1000,
          1,
          1_000_000,
          "queued rows of the ledger before intake answers 503");
  static final Setting<Duration> LEDGER_RETRY_BASE =
      Setting.seconds(
          "JANGAR_AGENTS_CONTROLLER_WEBHOOK_RETRY_BASE_DELAY_SECONDS",
          1,
          0,
          3600,
          "the wait after a delivery's first failed attempt");
  static final Setting<Duration> LEDGER_RETRY_MAX =
      Setting.seconds(
          "JANGAR_AGENTS_CONTROLLER_WEBHOOK_RETRY_MAX_DELAY_SECONDS",
          60,
          1,
          86_400,
          "the longest wait between two attempts");
  static final Setting<Integer> LEDGER_ATTEMPTS =
      Setting.integer(
          "JANGAR_AGENTS_CONTROLLER_WEBHOOK_RETRY_MAX_ATTEMPTS",
          5,
          1,
          100,
          "attempts that the other side may refuse before a delivery has failed");

  static final Setting<Integer> WEBHOOK_RETENTION =
      Setting.integer(
          "JANGAR_WEBHOOK_RETENTION_DAYS",
          7,
          1,
          3650,
          "days that the ledger keeps a delivery that is over; 30 where it failed");
  static final Setting<Duration> DATABASE_TIMEOUT =
      Setting.millis(
          "JANGAR_CONTROLLER_DB_TIMEOUT_MS",
          15_000,
          1_000,
          600_000,
          "how long a statement may take");
  static final Setting<Duration> CLEANUP_TIMEOUT =
      Setting.millis(
          "JANGAR_CONTROLLER_FINALIZER_CLEANUP_TIMEOUT_MS",
          30_000,
          0,
          3_600_000,
          "how long a run's teardown may hold up its deletion");
  static final Setting<Integer> CONFLICT_RETRIES =
      Setting.integer(
          "JANGAR_CONTROLLER_CONFLICT_RETRY_ATTEMPTS",
          3,
          0,
          20,
          "further attempts to write a status that another has written meanwhile");
  static final Setting<Duration> CONFLICT_BASE =
      Setting.millis(
          "JANGAR_CONTROLLER_CONFLICT_RETRY_BASE_MS",
          200,
          1,
          10_000,
          "the wait between them: none before the first, then this, and longer by it each time");
  static final Setting<Boolean> EVENTS =
      Setting.flag("JANGAR_CONTROLLER_EVENTS_ENABLED", true, "write Kubernetes Events");
  static final Setting<Integer> EVENTS_RATE =
      Setting.integer(
          "JANGAR_CONTROLLER_EVENTS_RATE_LIMIT_PER_MIN",
          60,
          1,
          10_000,
          "Events a minute for one object");

  // who this is, and whether it leads
  static final Setting<String> HOSTNAME =
      Setting.text("HOSTNAME", "jangar", "the pod's name, in the holder's identity");
  static final Setting<String> POD_UID =
      Setting.text("JANGAR_POD_UID", null, "the pod's uid, in the holder's identity");
  static final Setting<List<String>> POD_NAMESPACE =
      Setting.namespaces("JANGAR_POD_NAMESPACE", null, "the namespace of the pod");
  static final Setting<Boolean> LEADER_ELECTION =
      Setting.flag(
          "JANGAR_LEADER_ELECTION_ENABLED",
          true,
          "a Lease says which process leads; without it this one does, and must be the only one");
  static final Setting<String> LEASE_NAME =
      Setting.text(
          "JANGAR_LEADER_ELECTION_LEASE_NAME", "jangar-controller-leader", "the Lease's name");
  static final Setting<List<String>> LEASE_NAMESPACE =
      Setting.namespaces(
          "JANGAR_LEADER_ELECTION_LEASE_NAMESPACE",
          null,
          "the Lease's namespace; the pod's, and without a pod the first that is watched");
  static final Setting<Duration> LEASE_DURATION =
      Setting.seconds(
          "JANGAR_LEADER_ELECTION_LEASE_DURATION_SECONDS",
          30,
          3,
          3600,
          "how long a leader may be silent before another takes its place; the longest of the three");
  static final Setting<Duration> RENEW_DEADLINE =
      Setting.seconds(
          "JANGAR_LEADER_ELECTION_RENEW_DEADLINE_SECONDS",
          20,
          2,
          3599,
          "how long a leader goes on without a renewal; between the two others");
  static final Setting<Duration> RETRY_PERIOD =
      Setting.seconds(
          "JANGAR_LEADER_ELECTION_RETRY_PERIOD_SECONDS",
          5,
          1,
          3598,
          "how often it renews, and others look; the shortest of the three");

  // runs
  static final Setting<Integer> ARTIFACTS_MAX =
      Setting.integer(
          "JANGAR_AGENTRUN_ARTIFACTS_MAX",
          50,
          0,
          1_000_000,
          "artifacts kept in a run's status; the schema's ceiling is 50");
  static final Setting<Boolean> IMMUTABILITY =
      Setting.flag(
          "JANGAR_AGENTRUN_IMMUTABILITY_ENFORCED",
          true,
          "fail a run whose spec was changed after acceptance");
  static final Setting<Boolean> IDEMPOTENCY =
      Setting.flag(
          "JANGAR_AGENTRUN_IDEMPOTENCY_ENABLED",
          true,
          "one run for an idempotency key of an Agent");

  static final Setting<Boolean> ARTIFACTS_STRICT =
      Setting.flag(
          "JANGAR_AGENTRUN_ARTIFACTS_STRICT",
          false,
          "fail a run that has too many artifacts, or one whose address may not be kept");
  static final Setting<Integer> IDEMPOTENCY_RETENTION =
      Setting.integer(
          "JANGAR_AGENTRUN_IDEMPOTENCY_RETENTION_DAYS",
          30,
          1,
          3650,
          "days that a run's idempotency key is kept after its end");

  // the runner's defaults
  static final Setting<String> RUNNER_IMAGE =
      Setting.text("JANGAR_AGENT_RUNNER_IMAGE", null, "image of runs that name none");
  static final Setting<String> AGENT_IMAGE =
      Setting.text(
          "JANGAR_AGENT_IMAGE", null, "image where JANGAR_AGENT_RUNNER_IMAGE is not set either");
  static final Setting<String> RUNNER_SERVICE_ACCOUNT =
      Setting.text(
          "JANGAR_AGENT_RUNNER_SERVICE_ACCOUNT",
          "default",
          "service account of runs that name none");
  static final Setting<Integer> RUNNER_JOB_TTL =
      Setting.integer(
          "JANGAR_AGENT_RUNNER_JOB_TTL_SECONDS",
          86_400,
          -1,
          604_800,
          "how long a finished Job stays; 0 or less: for ever");
  static final Setting<Integer> RUNNER_LOG_RETENTION =
      Setting.integer(
          "JANGAR_AGENT_RUNNER_LOG_RETENTION_SECONDS",
          604_800,
          0,
          31_536_000,
          "how long the runner keeps older logs beside its own");
  static final Setting<Integer> RUNNER_BACKOFF_LIMIT =
      Setting.integer(
          "JANGAR_AGENT_RUNNER_BACKOFF_LIMIT",
          0,
          0,
          10,
          "how often a Job starts a failed pod again");
  static final Setting<Duration> RUNNER_START_DEADLINE =
      Setting.seconds(
          "JANGAR_AGENT_RUNNER_START_DEADLINE_SECONDS",
          900,
          1,
          86_400,
          "how long a pod may fail to start");
  static final Setting<String> RUNNER_PRIORITY_CLASS =
      Setting.text("JANGAR_AGENT_RUNNER_PRIORITY_CLASS", null, "priority class of runs");
  static final Setting<String> RUNNER_SCHEDULER =
      Setting.text("JANGAR_AGENT_RUNNER_SCHEDULER_NAME", null, "scheduler of runs");
  static final Setting<Object> RUNNER_NODE_SELECTOR =
      Setting.json("JANGAR_AGENT_RUNNER_NODE_SELECTOR", Map.class, "node selector of runs");
  static final Setting<Object> RUNNER_TOLERATIONS =
      Setting.json("JANGAR_AGENT_RUNNER_TOLERATIONS", List.class, "tolerations of runs");
  static final Setting<Object> RUNNER_TOPOLOGY =
      Setting.json(
          "JANGAR_AGENT_RUNNER_TOPOLOGY_SPREAD_CONSTRAINTS",
          List.class,
          "topology spread constraints of runs");
  static final Setting<Object> RUNNER_AFFINITY =
      Setting.json("JANGAR_AGENT_RUNNER_AFFINITY", Map.class, "affinity of runs");
  static final Setting<Object> RUNNER_POD_SECURITY =
      Setting.json(
          "JANGAR_AGENT_RUNNER_POD_SECURITY_CONTEXT", Map.class, "pod security context of runs");
  static final Setting<Object> RUNNER_PULL_SECRETS =
      Setting.json(
          "JANGAR_AGENT_RUNNER_IMAGE_PULL_SECRETS",
          List.class,
          "image pull secrets of runs, by name");
  static final Setting<Object> RUNNER_RESOURCES =
      Setting.json("JANGAR_AGENT_RUNNER_RESOURCES", Map.class, "requests and limits of runs");

  static final List<Setting<?>> ALL =
      List.of(
          PORT,
          HTTP_HOST,
          DATABASE_URL,
          DATABASE_CA,
          DATABASE_CA_ALIAS,
          MIGRATIONS,
          SKIP_MIGRATIONS,
          DATABASE_POOL,
          ROUTES_DIR,
          ROUTES_STARTED,
          GITHUB_API,
          GITHUB_SPACING,
          AUTH_MODE,
          AUTH_TOKENS,
          WEBHOOK_BODY,
          WEBHOOK_RATE,
          WEBHOOK_BURST,
          METRICS,
          METRICS_PATH,
          LOG_LEVEL,
          LOG_LIBRARIES,
          CONTROLLER,
          NAMESPACES,
          RESYNC,
          UNTOUCHED_WARN_AFTER,
          RECONCILE_CONCURRENCY,
          DEPENDENCY_GRACE,
          LEDGER_QUEUE,
          LEDGER_RETRY_BASE,
          LEDGER_RETRY_MAX,
          LEDGER_ATTEMPTS,
          WEBHOOK_RETENTION,
          DATABASE_TIMEOUT,
          CLEANUP_TIMEOUT,
          CONFLICT_RETRIES,
          CONFLICT_BASE,
          EVENTS,
          EVENTS_RATE,
          HOSTNAME,
          POD_UID,
          POD_NAMESPACE,
          LEADER_ELECTION,
          LEASE_NAME,
          LEASE_NAMESPACE,
          LEASE_DURATION,
          RENEW_DEADLINE,
          RETRY_PERIOD,
          ARTIFACTS_MAX,
          IMMUTABILITY,
          IDEMPOTENCY,
          ARTIFACTS_STRICT,
          IDEMPOTENCY_RETENTION,
          RUNNER_IMAGE,
          AGENT_IMAGE,
          RUNNER_SERVICE_ACCOUNT,
          RUNNER_JOB_TTL,
          RUNNER_LOG_RETENTION,
          RUNNER_BACKOFF_LIMIT,
          RUNNER_START_DEADLINE,
          RUNNER_PRIORITY_CLASS,
          RUNNER_SCHEDULER,
          RUNNER_NODE_SELECTOR,
          RUNNER_TOLERATIONS,
          RUNNER_TOPOLOGY,
          RUNNER_AFFINITY,
          RUNNER_POD_SECURITY,
          RUNNER_PULL_SECRETS,
          RUNNER_RESOURCES);

  /** Read before there are settings, by local mode. */
  static final Map<String, String> ELSEWHERE =
      Map.of(
          "JANGAR_LOCAL_DIR", "local mode's folder; .jangar",
          "JANGAR_LOCAL_CLUSTER", "the kubeconfig context that local mode uses");

  private static final String PREFIX = "JANGAR_";

  /** What Kubernetes tells every pod of a Service whose name begins like ours. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          ".*_SERVICE_HOST|.*_SERVICE_PORT(_[A-Z0-9_]+)?"
              + "|JANGAR_([A-Z0-9_]+_)?PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");

  private static final Set<String> NAMES =
      Stream.of(ALL.stream().map(Setting::name), ELSEWHERE.keySet().stream(), laterNames())
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, String> environment;
  private final Map<Setting<?>, Optional<?>> values = new LinkedHashMap<>();
  private final Set<String> unknown = new TreeSet<>();
  private final Set<String> later = new TreeSet<>();

  private Settings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    var bad = ALL.stream().flatMap(setting -> read(setting, environment).stream()).toList();
    if (!bad.isEmpty()) {
      throw new Setting.BadSetting(String.join("; ", bad));
    }
    var laterNames = laterNames().collect(Collectors.toSet());
    environment.forEach(
        (name, value) -> {
          if (value.isBlank()) {
            return;
          }
          if (laterNames.contains(name)) {
            later.add(name);
          } else if (name.startsWith(PREFIX) && !names().contains(name) && !isLink(name)) {
            unknown.add(name);
          }
        });
  }

  /**
   * Reads them all.
   *
   * @param environment names and values, as the process has them
   * @throws Setting.BadSetting naming each bad one and the form it must have
   */
  public static Settings of(Map<String, String> environment) {
    return new Settings(environment);
  }

  /** The settings of this process: the one place where its environment is read. */
  public static Settings ofProcess() {
    return of(System.getenv());
  }

  /** Every name that is known, those without effect yet included. */
  public static Set<String> names() {
    return NAMES;
  }

  /** Says once what is in force, what has no effect, and what is probably misspelt. */
  public void announce() {
    LOG.atInfo().addKeyValue("settings", effective()).log("The settings in force");
    if (!later.isEmpty()) {
      LOG.atWarn().addKeyValue("names", later).log("These settings have no effect yet");
    }
    unknown.forEach(
        name ->
            LOG.atWarn()
                .addKeyValue("name", name)
                .addKeyValue("nearest", Misspelt.nearest(name, names()).orElse("none"))
                .log("This setting is unknown, and nothing reads it"));
  }

  /** Names that begin like ours and that nobody knows. */
  Set<String> unknown() {
    return unknown;
  }

  /** Names that are set and have no effect yet. */
  Set<String> later() {
    return later;
  }

  /** The value, or the default. */
  <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(
            () -> new Setting.BadSetting(setting.name() + " must be set: " + setting.meaning()));
  }

  /** The value, where there is one. */
  @SuppressWarnings("unchecked")
  <T> Optional<T> find(Setting<T> setting) {
    return (Optional<T>) values.get(setting);
  }

  /** What is in force, as one would write it, secrets masked: for the log, once. */
  Map<String, String> effective() {
    var shown = new LinkedHashMap<String, String>();
    values
        .keySet()
        .forEach(
            setting ->
                setting
                    .said(environment.get(setting.name()))
                    .ifPresent(it -> shown.put(setting.name(), setting.secret() ? "***" : it)));
    return shown;
  }

  private Optional<String> read(Setting<?> setting, Map<String, String> environment) {
    try {
      values.put(setting, setting.read(environment.get(setting.name())));
      return Optional.empty();
    } catch (Setting.BadSetting e) {
      return Optional.of(e.getMessage());
    }
  }

  private static Stream<String> laterNames() {
    return LaterSettings.ALL.stream().flatMap(feature -> feature.names().stream());
  }

  private static boolean isLink(String name) {
    return SERVICE_LINK.matcher(name).matches();
  }
}

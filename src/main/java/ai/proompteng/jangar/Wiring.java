package ai.proompteng.jangar;

import ai.proompteng.jangar.agent.AgentProcessors;
import ai.proompteng.jangar.agent.AgentRoutes;
import ai.proompteng.jangar.agentrun.AgentRunReconciler;
import ai.proompteng.jangar.agentrun.AgentRunRoutes;
import ai.proompteng.jangar.agentrun.RunAftermath;
import ai.proompteng.jangar.agentrun.RunCensus;
import ai.proompteng.jangar.agentrun.RunJudge;
import ai.proompteng.jangar.agentrun.RunLoader;
import ai.proompteng.jangar.agentrun.RunProcessors;
import ai.proompteng.jangar.agentrun.RunReporter;
import ai.proompteng.jangar.agentrun.RunStatuses;
import ai.proompteng.jangar.agentrun.RunStops;
import ai.proompteng.jangar.agentrun.RunTelemetry;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.camel.LeaderPolicy;
import ai.proompteng.jangar.camel.RouteFiles;
import ai.proompteng.jangar.camel.jangar.JangarComponent;
import ai.proompteng.jangar.camel.jangar.OpenToEveryone;
import ai.proompteng.jangar.camel.reconcile.Ingestion;
import ai.proompteng.jangar.camel.reconcile.ReconcileComponent;
import ai.proompteng.jangar.implementation.DrainRoutes;
import ai.proompteng.jangar.implementation.ImportProcessor;
import ai.proompteng.jangar.implementation.SpecIndex;
import ai.proompteng.jangar.implementation.SpecProcessors;
import ai.proompteng.jangar.implementation.SpecRoutes;
import ai.proompteng.jangar.kube.CachedSecrets;
import ai.proompteng.jangar.kube.ElectedLeader;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.Guards;
import ai.proompteng.jangar.kube.InformedCluster;
import ai.proompteng.jangar.kube.Leader;
import ai.proompteng.jangar.kube.PublishedSchemas;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.provider.ProviderProcessors;
import ai.proompteng.jangar.provider.ProviderRoutes;
import ai.proompteng.jangar.rest.Access;
import ai.proompteng.jangar.rest.AgentDesk;
import ai.proompteng.jangar.rest.AgentList;
import ai.proompteng.jangar.rest.AllowedHeaders;
import ai.proompteng.jangar.rest.ControlDesk;
import ai.proompteng.jangar.rest.Gate;
import ai.proompteng.jangar.rest.HttpBeans;
import ai.proompteng.jangar.rest.HttpDoor;
import ai.proompteng.jangar.rest.Liveness;
import ai.proompteng.jangar.rest.LoopbackGuard;
import ai.proompteng.jangar.rest.OncePerKey;
import ai.proompteng.jangar.rest.Places;
import ai.proompteng.jangar.rest.Readiness;
import ai.proompteng.jangar.rest.RestProcessors;
import ai.proompteng.jangar.rest.RestRoutes;
import ai.proompteng.jangar.rest.RunCanceller;
import ai.proompteng.jangar.rest.RunReader;
import ai.proompteng.jangar.rest.RunWriter;
import ai.proompteng.jangar.runtime.job.JobAdapter;
import ai.proompteng.jangar.source.SourceProcessors;
import ai.proompteng.jangar.source.SourceReconciler;
import ai.proompteng.jangar.source.SourceRoutes;
import ai.proompteng.jangar.source.github.FeedbackProcessors;
import ai.proompteng.jangar.source.github.FeedbackRoutes;
import ai.proompteng.jangar.store.Bell;
import ai.proompteng.jangar.store.Database;
import ai.proompteng.jangar.store.Ledger;
import ai.proompteng.jangar.store.PostgresBacklog;
import ai.proompteng.jangar.store.PostgresDeliveries;
import ai.proompteng.jangar.store.PostgresDenials;
import ai.proompteng.jangar.store.PostgresEndings;
import ai.proompteng.jangar.store.PostgresIdempotencyKeys;
import ai.proompteng.jangar.store.PostgresJournal;
import ai.proompteng.jangar.store.PostgresOutbox;
import ai.proompteng.jangar.store.PostgresOwnLabels;
import ai.proompteng.jangar.store.PostgresPauses;
import ai.proompteng.jangar.store.PostgresRepetitions;
import ai.proompteng.jangar.store.PostgresRequests;
import ai.proompteng.jangar.store.PostgresRunRecords;
import ai.proompteng.jangar.store.ProcessedMessages;
import ai.proompteng.jangar.store.WorkItemRuns;
import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/**
 * The one place that says {@code new}: every part, made once and handed what it needs. It also
 * holds the order of a start: what may be called is there before anybody can call it, and nothing
 * reconciles before every subscription is known.
 */
public final class Wiring implements AutoCloseable {
  private static final Duration DATABASE_MOMENT = Duration.ofSeconds(3);
  private static final Duration DIRECT_PATIENCE = Duration.ofSeconds(2);
  private static final Duration DATABASE_RETRY = Duration.ofSeconds(1);
  private static final Duration CONFLICT_DELAY = Duration.ofMillis(200);
  private static final int SHUTDOWN_SECONDS = 8;
  private static final String LEADS = "leader";
  private static final String FOLLOWS = "follower";

  private final Settings settings;
  private final Options options;
  private final Gate gate;
  private final Clock clock = Clock.systemUTC();
  private final AllowedHeaders allowedHeaders = new AllowedHeaders(List.of());
  private final String process = UUID.randomUUID().toString();
  private final Main main = new Main();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters telemetry = new Meters(meters);

  private final Database database;
  private final Bell bell;
  private final Ledger ledger;
  private final PostgresOutbox outbox;
  private final PostgresJournal journal;
  private final WorkItemRuns claims;
  private final KubernetesClient client;
  private final InformedCluster cluster;
  private final Leader leader;
  private final LeaderPolicy leads;
  private final CachedSecrets secrets;
  private final StatusWriter statuses;
  private final Events events;
  private final Ingestion ingestion;
  private final Gauges gauges;
  private final HttpDoor http;
  private final Definitions definitions;
  private final Readiness readiness;

  private volatile RouteFiles routeFiles;
  private volatile Startup startup;

  /** A server in a cluster: who may call is what {@code JANGAR_AUTH_MODE} says. */
  public static Wiring server(Settings settings, KubernetesClient client) {
    var access = new Options(settings).access();
    return new Wiring(settings, client, leader(settings, client), access, Optional.empty());
  }

  /**
   * A server on somebody's own machine: readable there, and changed only by who has the token.
   *
   * @param token random, of this start
   */
  public static Wiring local(Settings settings, KubernetesClient client, String token) {
    return new Wiring(
        settings,
        client,
        Leader.appointed(settings.get(Settings.CONTROLLER)),
        Access.EVERYONE,
        Optional.of(new LoopbackGuard(token)));
  }

  /** Who has nothing to lead needs no Lease, nor does who is alone. */
  private static Leader leader(Settings settings, KubernetesClient client) {
    var options = new Options(settings);
    var terms = options.leadership();
    var controller = settings.get(Settings.CONTROLLER);
    if (!controller || !settings.get(Settings.LEADER_ELECTION)) {
      return Leader.appointed(controller);
    }
    return new ElectedLeader(
        terms,
        client.getConfiguration(),
        () -> options.pod() + "_" + UUID.randomUUID().toString().substring(0, 8),
        Clock.systemUTC(),
        System::nanoTime);
  }

  private Wiring(
      Settings settings,
      KubernetesClient client,
      Leader leader,
      Access access,
      Optional<LoopbackGuard> guard) {
    this.settings = settings;
    this.leader = leader;
    this.options = new Options(settings);
    this.client = client;
    var url = options.databaseUrl();
    database = new Database(url, options.database(), clock);
    bell = new Bell(url, DATABASE_RETRY);
    ledger = new Ledger(database, options.ledger(), process);
    outbox = new PostgresOutbox(database, PostgresOutbox.Limits.defaults(), process);
    journal = new PostgresJournal(database, Options.KEPT_LOG_BYTES, telemetry);
    claims = new WorkItemRuns(database);
    cluster =
        new InformedCluster(
            client, options.namespaces(), InformedCluster.Limits.DEFAULT, telemetry);
    measureLead();
    var elected = leader.facts().enabled();
    leads = new LeaderPolicy(leader, elected ? cluster::catchUp : wanted -> true);
    secrets = new CachedSecrets(cluster, clock);
    statuses = new StatusWriter(cluster, clock, options.statuses());
    events = new Events(cluster, clock, options.events());
    ingestion =
        new Ingestion(
            options.namespaces(), settings.get(Settings.UNTOUCHED_WARN_AFTER), telemetry, clock);
    var census = new RunCensus(cluster);
    gauges =
        new Gauges(
            telemetry,
            options.namespaces(),
            new PostgresBacklog(database),
            () -> census.count(clock.instant()));
    var health =
        new Health(
            leader,
            cluster,
            database,
            ingestion,
            settings.get(Settings.CONTROLLER),
            this::reconciling);
    gate = new Gate(access, new PostgresDenials(database, telemetry), clock);
    http =
        new HttpDoor(
            settings.get(Settings.HTTP_HOST),
            settings.get(Settings.PORT),
            options.http(),
            allowedHeaders,
            guard,
            gate,
            new OncePerKey(gate, places(), new PostgresRepetitions(database), reader()),
            new Liveness(leader::beats, health::agentsController),
            telemetry,
            clock);
    definitions =
        new Definitions(
            new PublishedSchemas(client, InformedCluster.Limits.DEFAULT.requestTimeout()));
    readiness =
        new Readiness(
            new Troubles(database, cluster, definitions, this::routeFiles, this::reconciling),
            health::notices,
            health::facts);
  }

  /**
   * Starts everything. The database and the API server may be away: what needs them waits.
   *
   * @throws IllegalStateException when the port is taken
   */
  public void start() {
    watch();
    definitions.begin();
    database.start();
    bell.start();
    database.awaitReady(DATABASE_MOMENT); // one that is there is not asked in vain
    var context = context();
    startup = new Startup(context, routes(), this::lead);
    main.start();
    routeFiles =
        new RouteFiles(
            context, options.shippedRoutes(), options.operatorsRoutes(), options.startedRoutes());
    routeFiles.load();
    startup.begin();
    http.listen();
  }

  /** What it lacks to do its work; nothing when it is ready. */
  public List<String> troubles() {
    return readiness.reasonCodes();
  }

  /** The port that HTTP listens on. */
  public int port() {
    return http.port();
  }

  /** Stops taking in, lets what is under way end, then closes the doors. */
  @Override
  public void close() {
    if (startup != null) {
      startup.close();
    }
    leader.close();
    main.stop();
    http.close();
    gauges.close();
    bell.close();
    definitions.close();
    cluster.close();
    database.close();
    client.close();
  }

  /** Whatever is wired may listen to our kinds from now on; that nobody answers is no matter. */
  void watch() {
    Kind.ALL.forEach(kind -> cluster.watch(ResourceType.of(kind), null));
  }

  /** The context with every bean, component and REST route; not started, and nothing listens. */
  CamelContext context() {
    // its own would hook into the process's end and, if we are quicker, wait for half a minute
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.configure()
        .withName("jangar")
        .withBasePackageScanEnabled(false)
        .withShutdownTimeout(SHUTDOWN_SECONDS)
        .withUseBreadcrumb(false);
    options.placeholders().forEach(main::addInitialProperty);
    beans().forEach(main::bind);
    main.configure().addRoutesBuilder(new RestRoutes(options.metricsPath()));
    main.configure().addRoutesBuilder(new FeedbackRoutes(feedback()));
    main.init();
    var context = main.getCamelContext();
    context.addComponent("direct", direct());
    context.addComponent("jangar", jangar());
    context.addComponent("reconcile", reconcile());
    context.addRoutePolicyFactory(new MicrometerRoutePolicyFactory());
    http.attach(context);
    return context;
  }

  private Map<String, Object> beans() {
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    var beans = new HashMap<String, Object>();
    beans.put(MicrometerConstants.METRICS_REGISTRY_NAME, meters);
    database.bind(beans::put);
    beans.put("processedMessages", new ProcessedMessages(database));
    beans.put("leader", leads);
    beans.put("openToEveryone", new OpenToEveryone());
    beans.putAll(HttpBeans.all(cluster, secrets, allowedHeaders));
    beans.put("eventInMarkdown", FeedbackProcessors.eventInMarkdown());
    beans.putAll(RestProcessors.all(desks(), gate, readiness, meters::scrape));
    return beans;
  }

  private RestProcessors.Desks desks() {
    var places = places();
    var requests = new PostgresRequests(database, telemetry);
    var loader = new RunLoader(cluster, jobs(), clock);
    var judge = new RunJudge(loader, new AgentRunReconciler(options.runs(), options.runner()));
    var runs = reader();
    return new RestProcessors.Desks(
        runs,
        new RunWriter(cluster, judge, new PostgresIdempotencyKeys(database), requests, places),
        new RunCanceller(runs, cluster, requests),
        new AgentDesk(cluster, requests, places),
        new AgentList(cluster, places),
        new ControlDesk(cluster, new PostgresPauses(database), requests, places));
  }

  private Places places() {
    return new Places(options.namespaces());
  }

  private RunReader reader() {
    return new RunReader(new PostgresRunRecords(database), cluster, options.namespaces().get(0));
  }

  private JobAdapter jobs() {
    return new JobAdapter(cluster, clock, settings.get(Settings.RUNNER_START_DEADLINE));
  }

  private FeedbackProcessors feedback() {
    return new FeedbackProcessors(
        cluster,
        secrets,
        new PostgresOwnLabels(database),
        settings.get(Settings.GITHUB_API),
        options.gitHubSpacing(),
        clock);
  }

  /** What reconciles: started once every subscription is known. */
  List<RoutesBuilder> routes() {
    var specs = new SpecProcessors(cluster, outbox, statuses, events, clock);
    var imports =
        new ImportProcessor(
            cluster, new SpecIndex(cluster), new PostgresEndings(database), events, clock);
    var sources =
        new SourceProcessors(
            cluster, secrets, new PostgresDeliveries(database), statuses, events, clock);
    return List.of(
        new ProviderRoutes(new ProviderProcessors(cluster, statuses, clock)),
        new AgentRoutes(new AgentProcessors(cluster, statuses, clock)),
        new SourceRoutes(sources, new SourceReconciler(settings.get(Settings.LEDGER_ATTEMPTS))),
        new SpecRoutes(specs),
        new DrainRoutes(imports, CONFLICT_DELAY),
        runs());
  }

  private AgentRunRoutes runs() {
    var job = jobs();
    var patience = options.runs();
    var loader = new RunLoader(cluster, job, new PostgresPauses(database), clock);
    var words = new RunTelemetry(loader, telemetry, clock);
    var reporter =
        new RunReporter(
            new RunStatuses(patience.artifactsMax(), patience.artifactsStrict()),
            loader,
            journal,
            statuses,
            events,
            words,
            clock);
    var aftermath =
        new RunAftermath(
            cluster,
            job,
            journal,
            claims,
            new PostgresIdempotencyKeys(database),
            events,
            words,
            patience,
            clock);
    var stops = new RunStops(job, aftermath, clock);
    var processors =
        new RunProcessors(loader, reporter, aftermath, stops, job, new Guards(cluster), words);
    return new AgentRunRoutes(processors, new AgentRunReconciler(patience, options.runner()));
  }

  private void measureLead() {
    telemetry.gauge(Measure.LEADER, () -> leader.leads() ? 1 : 0);
    for (var to : List.of(LEADS, FOLLOWS)) {
      telemetry.expect(Measure.LEADER_CHANGES, to);
    }
    leader.listen(now -> telemetry.count(Measure.LEADER_CHANGES, now ? LEADS : FOLLOWS));
  }

  private JangarComponent jangar() {
    var component = new JangarComponent();
    component.setLedger(ledger);
    component.setOutbox(outbox);
    component.setClaims(claims);
    component.setCluster(cluster);
    component.setBell(bell);
    component.setLeads(leader::leads);
    component.setNamespace(options.namespaces().get(0));
    return component;
  }

  /** A step waits for the route it calls: at a start that comes, at a stop it does not. */
  private static DirectComponent direct() {
    var component = new DirectComponent();
    component.setTimeout(DIRECT_PATIENCE.toMillis());
    return component;
  }

  private ReconcileComponent reconcile() {
    var component = new ReconcileComponent();
    component.setCluster(cluster);
    component.setKubernetesClient(client);
    component.setMeters(telemetry);
    component.setIngestion(ingestion);
    component.setConcurrency(settings.get(Settings.RECONCILE_CONCURRENCY));
    component.setResync(settings.get(Settings.RESYNC));
    bell.on(Bell.Channel.PAUSES, () -> component.ringOpen(Kind.AGENT_RUN.plural()));
    return component;
  }

  /** Every route is there and every subscription known: from now on this process may lead. */
  private void lead() {
    if (settings.get(Settings.CONTROLLER)) {
      leads.prepare();
    }
    leader.start();
  }

  private Optional<RouteFiles> routeFiles() {
    return Optional.ofNullable(routeFiles);
  }

  private boolean reconciling() {
    return startup != null && startup.done();
  }
}

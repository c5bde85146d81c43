package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.agentrun.AgentRunReconciler;
import ai.proompteng.jangar.agentrun.RunJudge;
import ai.proompteng.jangar.agentrun.RunLoader;
import ai.proompteng.jangar.agentrun.RunOptions;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.runtime.job.JobAdapter;
import ai.proompteng.jangar.store.Denial;
import ai.proompteng.jangar.store.Repetitions;
import ai.proompteng.jangar.store.RunRecords;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.FakeIdempotencyKeys;
import ai.proompteng.jangar.testing.FakePauses;
import ai.proompteng.jangar.testing.FakeRepetitions;
import ai.proompteng.jangar.testing.FakeRequests;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Component;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The HTTP server with the shipped intake route, REST, and a ledger in memory behind it. */
final class Webhooks implements AutoCloseable {
  static final String SECRET = "the secret of octo";

  /** No time passes, so that a burst is as large on a slow machine. */
  private static final Clock STILL = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  static final String PATH = "/v1/implementation-sources/webhooks/github";

  final FakeCluster cluster = new FakeCluster();
  final FakeSecrets secrets = new FakeSecrets().with("agents/octo/webhookSecret", SECRET);
  final FakeIdempotencyKeys keys = new FakeIdempotencyKeys();
  final FakeRequests requests = new FakeRequests();
  final FakePauses pauses = new FakePauses();
  final FakeIntake intake = new FakeIntake();
  final DefaultCamelContext context = new DefaultCamelContext();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<String> reasons = new CopyOnWriteArrayList<>();
  final List<Denial> denials = new CopyOnWriteArrayList<>();
  final List<String> notices = new CopyOnWriteArrayList<>();
  final java.util.concurrent.atomic.AtomicBoolean leaderBeats =
      new java.util.concurrent.atomic.AtomicBoolean(true);
  final HttpClient client = HttpClient.newHttpClient();
  private final HttpDoor door;

  Webhooks(HttpLimits limits, Optional<LoopbackGuard> guard, Access access, RunRecords runs)
      throws Exception {
    this(limits, guard, access, runs, (cluster, fake) -> fake);
  }

  /**
   * @param jangar what stands behind {@code jangar:}
   */
  Webhooks(
      HttpLimits limits,
      Optional<LoopbackGuard> guard,
      Access access,
      RunRecords runs,
      BiFunction<FakeCluster, Component, Component> jangar)
      throws Exception {
    this(limits, guard, access, runs, jangar, new FakeRepetitions());
  }

  /**
   * @param repetitions what was asked for by which key
   */
  Webhooks(
      HttpLimits limits,
      Optional<LoopbackGuard> guard,
      Access access,
      RunRecords runs,
      BiFunction<FakeCluster, Component, Component> jangar,
      Repetitions repetitions)
      throws Exception {
    var headers = new AllowedHeaders(List.of());
    var gate = new Gate(access, denials::add, STILL);
    door =
        new HttpDoor(
            "127.0.0.1",
            0,
            limits,
            headers,
            guard,
            gate,
            new OncePerKey(
                gate,
                new Places(List.of("agents", "docs")),
                repetitions,
                new RunReader(runs, cluster, "agents")),
            new Liveness(leaderBeats::get, () -> java.util.Map.of("status", "healthy")),
            new ai.proompteng.jangar.telemetry.Meters(meters),
            STILL);
    door.attach(context);
    var registry = context.getRegistry();
    HttpBeans.all(cluster, secrets, headers).forEach(registry::bind);
    RestProcessors.all(
            desks(runs),
            gate,
            new Readiness(
                () -> List.copyOf(reasons), () -> List.copyOf(notices), java.util.Map::of),
            () -> "jangar_up 1\n")
        .forEach(registry::bind);
    context.addComponent("jangar", jangar.apply(cluster, intake));
    context.addRoutes(new RestRoutes(java.util.Optional.of("/metrics")));
    context.start();
    for (var file : List.of("policy/refuse-clearly", "intake/github-webhook")) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              ResourceHelper.resolveResource(context, "file:routes/" + file + ".camel.yaml"));
    }
    door.listen();
  }

  private RestProcessors.Desks desks(RunRecords runs) {
    var places = new Places(List.of("agents"));
    var judge =
        new RunJudge(
            new RunLoader(cluster, new JobAdapter(cluster, STILL, Duration.ofMinutes(1)), STILL),
            new AgentRunReconciler(RunOptions.defaults(), RunnerDefaults.with("image:1")));
    var reader = new RunReader(runs, cluster, "agents");
    return new RestProcessors.Desks(
        reader,
        new RunWriter(cluster, judge, keys, requests, places),
        new RunCanceller(reader, cluster, requests),
        new AgentDesk(cluster, requests, places),
        new AgentList(cluster, places),
        new ControlDesk(cluster, pauses, requests, places));
  }

  /** A source of octo/hello, signed by {@link #SECRET}. */
  Webhooks withSource() {
    return with("octo", "octo", "octo/hello");
  }

  Webhooks with(String name, String secret, String repository) {
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: ImplementationSource
        metadata: {name: %s, namespace: agents}
        spec:
          provider: github
          auth: {secretRef: {name: %s}}
          webhook: {enabled: true}
          scope: {repository: %s}
        """
            .formatted(name, secret, repository));
    return this;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + door.port() + path);
  }

  int port() {
    return door.port();
  }

  HttpRequest.Builder event(byte[] body) {
    return event(PATH, BodyPublishers.ofByteArray(body))
        .header("X-Hub-Signature-256", sign(SECRET, body));
  }

  HttpRequest.Builder event(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", "issues")
        .POST(body);
  }

  HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return send(event(body.getBytes(StandardCharsets.UTF_8)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return Answers.fit(client.send(request.build(), BodyHandlers.ofString()));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  static String sign(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    context.stop();
    door.close();
  }
}

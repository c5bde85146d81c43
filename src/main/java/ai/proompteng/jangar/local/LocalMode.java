package ai.proompteng.jangar.local;

import ai.proompteng.jangar.Settings;
import ai.proompteng.jangar.Wiring;
import ai.proompteng.jangar.kube.ClusterClients;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/**
 * Jangar on a laptop with a JDK and git: an embedded PostgreSQL, an embedded cluster, a sample
 * agent, and the same server as in production on top (design.md, "Local mode").
 */
public final class LocalMode implements AutoCloseable {
  private static final String NAMESPACE = "agents";
  private static final int PODS_AT_ONCE = 4;
  private static final long SERVER_STOP_MILLIS = 4_000;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final long LOOK_AGAIN_MILLIS = 50;

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final LocalOptions options;
  private final Clock clock;

  private LocalMode(LocalOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  /** Starts local mode and stays until the process is told to stop. */
  public static void main(String[] args) throws Exception {
    System.setProperty("jangar.log", "plain");
    if (System.getenv("JANGAR_LOG_LEVEL") == null) {
      System.setProperty("JANGAR_LOG_LEVEL", "WARN"); // the console is for the operator here
    }
    try (var mode =
        new LocalMode(LocalOptions.of(System.getenv(), System::getProperty), Clock.systemUTC())) {
      Runtime.getRuntime().addShutdownHook(new Thread(mode::close, "local-mode-stop"));
      mode.start();
      mode.stopping.await();
    } catch (Refused refused) {
      System.err.println(refused.getMessage());
      System.exit(1);
    } catch (Exception failed) {
      LoggerFactory.getLogger(LocalMode.class)
          .atError()
          .setCause(failed)
          .log("Local mode does not start");
      System.exit(1);
    }
  }

  private void start() throws IOException, InterruptedException {
    requireFree(options.port());
    var folder = started(LocalFolder.open(options.folder()));
    var token = folder.secret("token");
    var webhookSecret = folder.secret("webhook-secret");
    var postgres = started(LocalPostgres.start(folder.postgres()));
    var client = cluster(folder, token, webhookSecret);
    var server = Wiring.local(read(settings(postgres)), client, token);
    started(() -> inTime(server));
    server.start();
    awaitReady(server);
    folder.write("port", String.valueOf(server.port()));
    started(new RunReports(client, folder.runs(), System.out));
    greet(server.port());
  }

  /** The address is told once a caller would be served; what is missing then is told with it. */
  private void awaitReady(Wiring server) throws InterruptedException {
    var deadline = clock.instant().plus(READY_WITHIN);
    while (!server.troubles().isEmpty() && clock.instant().isBefore(deadline)) {
      stopping.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (!server.troubles().isEmpty()) {
      System.out.println("Not ready: " + String.join(", ", server.troubles()));
    }
  }

  private KubernetesClient cluster(LocalFolder folder, String token, String webhookSecret)
      throws IOException {
    if (options.cluster().isPresent()) {
      var context = options.cluster().get();
      var config = Config.autoConfigure(context);
      if (config.getCurrentContext() == null
          || !config.getCurrentContext().getName().equals(context)) {
        throw new Refused("JANGAR_LOCAL_CLUSTER names " + context + ", which the kubeconfig lacks");
      }
      System.out.println(
          "Using the cluster of context "
              + context
              + " ("
              + config.getMasterUrl()
              + "), namespace "
              + NAMESPACE);
      return started(ClusterClients.open(config, REQUEST_TIMEOUT));
    }
    var cluster = started(LocalCluster.start(folder, token, Path.of("crds"), PODS_AT_ONCE, clock));
    Samples.create(cluster.client(), webhookSecret);
    return started(cluster.connect());
  }

  private static Settings read(Map<String, String> settings) {
    try {
      var read = Settings.of(settings);
      read.announce();
      return read;
    } catch (IllegalArgumentException bad) {
      throw new Refused(bad.getMessage());
    }
  }

  /** The environment's own JANGAR_ settings, and what makes a server local. */
  private Map<String, String> settings(LocalPostgres postgres) {
    var settings = new LinkedHashMap<String, String>();
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.startsWith("JANGAR_")) {
                settings.put(name, value);
              }
            });
    settings.put("PORT", String.valueOf(options.port()));
    settings.put("DATABASE_URL", postgres.url());
    settings.put("JANGAR_HTTP_HOST", "127.0.0.1");
    settings.putIfAbsent("JANGAR_AGENTS_CONTROLLER_NAMESPACES", NAMESPACE);
    settings.putIfAbsent("JANGAR_AGENT_IMAGE", "local"); // runs are processes: it is not looked at
    return settings;
  }

  private static void greet(int port) {
    System.out.println();
    System.out.println("Jangar answers on http://127.0.0.1:" + port);
    System.out.println("Next, in another terminal:  java docs/try/Deliver.java");
    System.out.println();
  }

  private static void requireFree(int port) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as the server does: a closed connection's echo is no owner
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (java.net.BindException taken) {
      throw new Refused("Port " + port + " is taken: choose another with PORT (-Djangar.port)");
    }
  }

  /** What is under way may end, but not for long: whoever pressed Ctrl-C waits for the rest. */
  private static void inTime(Wiring server) throws InterruptedException {
    var stop = new Thread(server::close, "server-stop");
    stop.setDaemon(true);
    stop.start();
    stop.join(SERVER_STOP_MILLIS);
  }

  private <T extends AutoCloseable> T started(T part) {
    synchronized (started) {
      started.push(part);
    }
    return part;
  }

  /** Stops all that was started, the last first. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    while (true) {
      AutoCloseable part;
      synchronized (started) {
        part = started.poll();
      }
      if (part == null) {
        return;
      }
      try {
        part.close();
      } catch (Exception failed) {
        // the others are stopped all the same
        LoggerFactory.getLogger(LocalMode.class)
            .atWarn()
            .setCause(failed)
            .log("Not stopped cleanly");
      }
    }
  }
}

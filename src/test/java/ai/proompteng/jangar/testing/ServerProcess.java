package ai.proompteng.jangar.testing;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The server as a process of its own, from this JVM's class path without the tests. It keeps its
 * port over starts, so that it can be killed and started again; its log goes to a file.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(30);
  private static final long MAX_LOG_BYTES = 8 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Map<String, String> environment = new HashMap<>();
  private final int port = freePort();
  private final Path log;
  private Path jar;
  private Process process;

  /**
   * Starts nothing yet.
   *
   * @param kubeconfig of its cluster
   * @param database its JDBC URL
   * @param namespace that it watches; several as a comma list
   */
  public ServerProcess(Path kubeconfig, String database, String namespace) {
    environment.put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
    environment.put("DATABASE_URL", database);
    environment.put("JANGAR_AGENTS_CONTROLLER_NAMESPACES", namespace);
    environment.put("JANGAR_HTTP_HOST", "127.0.0.1");
    environment.put("JANGAR_LOG_LEVEL", "INFO");
    // a test that kills the leader waits for its Lease to run out
    environment.put("JANGAR_LEADER_ELECTION_LEASE_DURATION_SECONDS", "6");
    environment.put("JANGAR_LEADER_ELECTION_RENEW_DEADLINE_SECONDS", "5");
    environment.put("JANGAR_LEADER_ELECTION_RETRY_PERIOD_SECONDS", "1");
    environment.put("PORT", String.valueOf(port));
    try {
      log = Files.createTempFile("jangar-server-", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One more setting. */
  public ServerProcess with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Another version than this one: its jar, with its libraries and routes beside it. */
  public ServerProcess of(Path jar) {
    this.jar = jar;
    return this;
  }

  /** One setting less. */
  public ServerProcess without(String name) {
    environment.remove(name);
    return this;
  }

  /** Starts it, and returns at once. */
  public ServerProcess start() {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto"));
    command.addAll(
        jar == null
            ? List.of("-cp", classPath(), "ai.proompteng.jangar.Jangar")
            : List.of("-jar", jar.toAbsolutePath().toString()));
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("JANGAR_"));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var from = process.getInputStream();
    var pump = new Thread(() -> copy(from), "server-log");
    pump.setDaemon(true);
    pump.start();
    return this;
  }

  /** Waits until {@code /ready} says yes. */
  public ServerProcess awaitReady() {
    await("a server that is ready; its log is " + log)
        .atMost(READY_WITHIN)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> status("/ready") == 200);
    return this;
  }

  /** Ends it as a power cut does. */
  public void kill() {
    process.destroyForcibly();
    ended();
  }

  /** Asks it to end, and waits. */
  public void stop() {
    // the signal alone: Process.destroy closes the log's pipe as well, and the log is wanted
    process.toHandle().destroy();
    ended();
  }

  /** Waits until it ends by itself; what it ends with. */
  public int awaitEnd() {
    ended();
    return process.exitValue();
  }

  public boolean alive() {
    return process != null && process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    return port;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** A GET of that path. */
  public HttpResponse<String> get(String path) throws IOException {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  /** The answer to that request; throws when there is none. */
  public HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** What it has logged so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it, and forgets its log; where a test has failed, set {@code JANGAR_TEST_KEEP_LOGS}. */
  @Override
  public void close() {
    try {
      if (alive()) {
        stop();
      }
      if (System.getenv("JANGAR_TEST_KEEP_LOGS") == null) {
        Files.deleteIfExists(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int status(String path) {
    try {
      return get(path).statusCode();
    } catch (IOException e) {
      return 0; // it does not listen yet
    }
  }

  private void ended() {
    try {
      if (!process.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the server does not stop; its log is " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy(InputStream from) {
    var bytes = new byte[8192];
    try (from;
        var to = Files.newOutputStream(log, StandardOpenOption.APPEND)) {
      long written = Files.size(log);
      for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
        if (written < MAX_LOG_BYTES) {
          to.write(bytes, 0, count);
          to.flush();
        }
        written += count;
      }
    } catch (IOException e) {
      process.destroyForcibly(); // nobody would read what it says
    }
  }

  private static String classPath() {
    var path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static int freePort() {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

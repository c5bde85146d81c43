package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.local.LocalMode;
import ai.proompteng.jangar.rest.Answers;
import ai.proompteng.jangar.testing.GitHubIssue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Local mode as a process of its own, as {@code ./mvnw} starts it, seen from outside. */
final class LocalServer implements AutoCloseable {
  private static final Duration STARTED = Duration.ofSeconds(90);
  private static final Duration ENDED = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final Path folder;
  final int port;
  final Process process;
  private final Path console;

  private LocalServer(Path folder, int port, Process process, Path console) {
    this.folder = folder;
    this.port = port;
    this.process = process;
    this.console = console;
  }

  /** Starts it in that folder and waits until it says that it is ready. */
  static LocalServer start(Path folder, Map<String, String> environment) throws IOException {
    var server = begin(folder, freePort(), environment);
    await()
        .atMost(STARTED)
        .until(() -> server.console().contains("Jangar answers on") || !server.process.isAlive());
    assertThat(server.process.isAlive()).as(server.console()).isTrue();
    return server;
  }

  /** Starts it and does not wait. */
  static LocalServer begin(Path folder, int port, Map<String, String> environment)
      throws IOException {
    var console = Files.createTempFile(folder.getParent(), "console", ".log");
    var command =
        java("-Xmx512m", "-Djangar.dir=" + folder, "-Djangar.port=" + port, "-cp", classPath());
    command.add(LocalMode.class.getName());
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(console.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("JANGAR_"));
    builder.environment().putAll(environment);
    return new LocalServer(folder, port, builder.start(), console);
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Everything it has printed. */
  String console() throws IOException {
    return Files.readString(console);
  }

  String file(String name) throws IOException {
    return Files.readString(folder.resolve(name)).strip();
  }

  /** Runs the event maker of the docs against it: its output, then {@code exit <code>}. */
  List<String> deliver(String... options) throws Exception {
    var command = java("docs/try/Deliver.java");
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JANGAR_LOCAL_DIR", folder.toString());
    return said(builder);
  }

  /** Delivers that state of the issue as opened; returns the answer's body. */
  String deliver(GitHubIssue issue) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + "/v1/implementation-sources/webhooks/github");
    var delivery = issue.delivery("opened", file("webhook-secret"), uri).build();
    return HTTP.send(delivery, BodyHandlers.ofString()).body();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + path);
    return Answers.fit(HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  /** The names of an Agent's runs for one issue. */
  List<String> runs(String agent, String repository, int number)
      throws IOException, InterruptedException {
    var names = new ArrayList<String>();
    for (var run : json("/v1/agent-runs?agentId=" + agent).path("runs")) {
      var name = run.path("externalRunId").asText();
      var parameters = json("/v1/agent-runs/" + name).at("/resource/spec/parameters");
      if (parameters.path("repository").asText().equals(repository)
          && parameters.path("issueNumber").asText().equals(String.valueOf(number))) {
        names.add(name);
      }
    }
    return names;
  }

  /** Waits for the end of the one run of that issue; returns its name. */
  String ended(String agent, String repository, int number, Duration within) {
    return await()
        .atMost(within)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> endedNow(agent, repository, number), Optional::isPresent)
        .orElseThrow();
  }

  String ended(String agent, int number) {
    return ended(agent, "octo/hello", number, ENDED);
  }

  private Optional<String> endedNow(String agent, String repository, int number) throws Exception {
    var names = runs(agent, repository, number);
    assertThat(names).hasSizeLessThanOrEqualTo(1);
    for (var name : names) {
      var phase = json("/v1/agent-runs/" + name).at("/agentRun/status").asText();
      if (phase.equals("Succeeded") || phase.equals("Failed")) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  Path run(String name) {
    return folder.resolve("runs").resolve(name);
  }

  /** The pid file of a run that is at work. */
  Path working() {
    return await()
        .atMost(ENDED)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              try (Stream<Path> pids =
                  Files.find(folder.resolve("runs"), 2, (path, any) -> path.endsWith("pid"))) {
                return pids.findAny();
              }
            },
            Optional::isPresent)
        .orElseThrow();
  }

  /** Everything that runs because of it: its own process, the runs', PostgreSQL's. */
  List<ProcessHandle> processes() throws IOException {
    var postmaster = ProcessHandle.of(Long.parseLong(postmaster().get(0).strip())).orElseThrow();
    return Stream.of(process.toHandle(), postmaster)
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .distinct()
        .toList();
  }

  /** The first column of the only row. */
  long count(String sql) throws IOException, SQLException {
    var url = "jdbc:postgresql://localhost:" + postmaster().get(3).strip() + "/postgres";
    try (var connection = DriverManager.getConnection(url, "postgres", "");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private List<String> postmaster() throws IOException {
    return Files.readAllLines(folder.resolve("postgres/postmaster.pid"));
  }

  /** A client of the embedded API server. */
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(folder.resolve("kubeconfig").toFile()))
        .build();
  }

  /** Runs kubectl on the embedded API server; returns what it printed. */
  String kubectl(String... words) throws Exception {
    var command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
    builder.environment().put("HOME", folder.getParent().toString());
    var said = said(builder);
    assertThat(said).last().as(String.join("\n", said)).isEqualTo("exit 0");
    return String.join("\n", said);
  }

  private static List<String> said(ProcessBuilder builder) throws Exception {
    var started = builder.start();
    var output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor(ENDED.toSeconds(), TimeUnit.SECONDS)).isTrue();
    var lines = new ArrayList<>(output.lines().toList());
    lines.add("exit " + started.exitValue());
    return lines;
  }

  private static List<String> java(String... words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of(words));
    return command;
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}

package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.GitHubIssue;
import ai.proompteng.jangar.testing.Needed;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who starts local mode and delivers an issue. */
class LocalModeE2E {
  private static final Duration FIRST_RUN = Duration.ofSeconds(15);
  private static final Duration STOPPED = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String HELLO = "octo/hello";

  @TempDir static Path temp;
  private static LocalServer server;

  @BeforeAll
  static void start() throws Exception {
    server = LocalServer.start(temp.resolve("jangar"), Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_delivered_issue_becomes_a_succeeded_run_with_its_diff_and_log() throws Exception {
    assertThat(server.console()).contains("http://127.0.0.1:" + server.port, "Deliver.java");
    assertThat(server.file("port")).isEqualTo(String.valueOf(server.port));

    var said = server.deliver("--title", "Greet the moon", "--body", "Good evening, moon.");
    assertThat(said.get(0)).startsWith("200 {\"ok\":true,\"queued\":1,\"deduped\":0");
    var run = server.ended("sample", HELLO, 1, FIRST_RUN);

    assertThat(server.json("/v1/agent-runs/" + run).at("/agentRun/status").asText())
        .isEqualTo("Succeeded");
    assertThat(server.run(run).resolve("changes.diff"))
        .content()
        .startsWith("diff --git")
        .contains("+## Greet the moon", "+Good evening, moon.");
    assertThat(server.run(run).resolve("runner.log")).isNotEmptyFile();
    assertThat(server.run(run).resolve("status.json")).isNotEmptyFile();
    assertThat(server.get("/v1/agent-runs/" + run + "/logs").body()).contains("Greet the moon");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(server.console())
                    .contains(
                        run + ": Succeeded",
                        server.run(run).resolve("changes.diff").toString(),
                        server.run(run).resolve("runner.log").toString()));
  }

  @Test
  void another_issue_is_another_run_with_another_diff_and_a_form_is_as_good_as_json()
      throws Exception {
    var options = new String[] {"--number", "2", "--title", "Greet the sun", "--form"};
    assertThat(server.deliver(options)).last().isEqualTo("exit 0");
    assertThat(server.run(server.ended("sample", 2)).resolve("changes.diff"))
        .content()
        .contains("+## Greet the sun");
  }

  @Test
  void the_same_delivery_again_is_known_and_makes_no_second_run() throws Exception {
    var options = new String[] {"--number", "3", "--delivery", "again"};
    assertThat(server.deliver(options).get(0)).contains("\"queued\":1,\"deduped\":0");
    assertThat(server.deliver(options).get(0)).contains("\"queued\":0,\"deduped\":1");
    server.ended("sample", 3);
    assertThat(server.runs("sample", HELLO, 3)).hasSize(1);
    assertThat(deliveries("again")).isEqualTo(1);
  }

  @Test
  void a_wrong_secret_is_refused_and_leaves_no_row() throws Exception {
    var said = server.deliver("--secret", "wrong", "--number", "4", "--delivery", "forged");
    assertThat(said.get(0)).startsWith("401 ");
    assertThat(said).last().isEqualTo("exit 1");
    assertThat(deliveries("forged")).isZero();
  }

  @Test
  void hostile_text_reaches_the_runner_byte_for_byte() throws Exception {
    var title = "{{x}} ${bean:x} $(id) '; DROP TABLE agent_runs; --";
    var body = "{{run.uid}} ${body} $(AGENT_NAME) `id` '; DROP\n\t\"\\u0000\" \\ é 😀";
    var labels = List.of("jangar", "{{x}}", "${bean:x}", "$(id)", "'; DROP");
    assertThat(server.deliver(new GitHubIssue(HELLO, 5, title, body, Instant.now(), labels)))
        .contains("\"queued\":1");
    var run = server.ended("sample", 5);

    var json = new ObjectMapper().readTree(server.run(run).resolve("workspace/run.json").toFile());
    assertThat(json.path("issueTitle").asText()).isEqualTo(title);
    assertThat(json.path("issueBody").asText()).isEqualTo(body);
    assertThat(json.path("prompt").asText()).isEqualTo(body);
    assertThat(json.at("/implementation/labels")).map(label -> label.asText()).containsAll(labels);
    assertThat(server.run(run).resolve("changes.diff")).content().contains("+## " + title);
  }

  @Test
  void two_repositories_whose_names_look_alike_have_a_specification_and_a_run_each()
      throws Exception {
    try (var client = server.client()) {
      for (var repository : List.of("a-b/c", "a/b-c")) {
        client
            .load(source("look-alike" + repository.indexOf('/'), repository))
            .items()
            .forEach(item -> client.resource(item).create());
      }
      for (var repository : List.of("a-b/c", "a/b-c")) {
        var labels = List.of("jangar");
        var issue = new GitHubIssue(repository, 1, repository, "x", Instant.now(), labels);
        await().atMost(PATIENCE).until(() -> server.deliver(issue).contains("\"queued\":1"));
      }
      for (var repository : List.of("a-b/c", "a/b-c")) {
        var run = server.ended("sample", repository, 1, PATIENCE);
        assertThat(server.run(run).resolve("changes.diff")).content().contains("+## " + repository);
      }
    }
    assertThat(server.kubectl("get", "implementationspecs", "-o", "name").lines())
        .filteredOn(name -> name.contains("/a-b-c-1"))
        .hasSize(2);
  }

  @Test
  void only_who_has_the_token_and_comes_from_here_is_served() throws Exception {
    assertThat(status("GET /v1/agent-runs?agentId=sample", "127.0.0.1:" + server.port, null))
        .isEqualTo(200);
    assertThat(status("GET /v1/agent-runs?agentId=sample", "evil.example", null)).isEqualTo(403);
    assertThat(status("POST /v1/agent-runs", "127.0.0.1:" + server.port, "http://evil.example"))
        .isEqualTo(403);
    var config = Config.fromKubeconfig(server.folder.resolve("kubeconfig").toFile());
    config.setOauthToken("guessed");
    config.setAutoOAuthToken(null);
    try (var stranger = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThatExceptionOfType(KubernetesClientException.class)
          .isThrownBy(() -> stranger.pods().inNamespace("agents").list())
          .satisfies(refused -> assertThat(refused.getCode()).isEqualTo(401));
    }
  }

  @Test
  void kubectl_gets_describes_and_deletes_runs() throws Exception {
    Needed.program("LocalModeE2E", "kubectl");
    server.deliver("--number", "6");
    var run = server.ended("sample", 6);
    assertThat(server.kubectl("get", "ar", run)).contains("PHASE", "WHY", "Succeeded");
    assertThat(server.kubectl("get", "agents")).contains("READY", "sample", "other");
    assertThat(server.kubectl("describe", "ar", run)).contains(run, "Succeeded", "changes.diff");
    assertThat(server.kubectl("get", "jobs", "-o", "name")).contains(run);
    server.kubectl("delete", "ar", run, "--timeout=30s");
    assertThat(server.kubectl("get", "jobs,configmaps,ar", "-o", "name")).doesNotContain(run);
  }

  @Test
  void a_taken_port_is_one_line_that_names_the_option() throws Exception {
    var second = LocalServer.begin(temp.resolve("second"), server.port, Map.of());
    assertThat(second.process.onExit().get().exitValue()).isEqualTo(1);
    assertThat(second.console().lines())
        .singleElement()
        .asString()
        .contains("PORT (-Djangar.port)", String.valueOf(server.port));
  }

  @Test
  void killed_and_started_again_it_works_with_other_routes_and_stopped_it_leaves_nothing()
      throws Exception {
    var folder = temp.resolve("again");
    List<ProcessHandle> orphans;
    try (var killed = LocalServer.start(folder, Map.of())) {
      killed.deliver("--number", "7");
      killed.working();
      orphans = killed.processes();
      killed.process.destroyForcibly().onExit().join();
    }

    try (var again = LocalServer.start(folder, Map.of("JANGAR_ROUTES_DIR", changedRoutes()))) {
      assertThat(orphans).noneMatch(ProcessHandle::isAlive);
      assertThat(ProcessHandle.allProcesses().filter(process -> serves(process, folder)))
          .hasSize(1);

      again.deliver("--number", "1", "--label", "jangar");
      again.deliver("--number", "2", "--label", "robot");
      assertThat(again.run(again.ended("other", 2)).resolve("changes.diff")).isNotEmptyFile();
      assertThat(again.runs("sample", HELLO, 1)).isEmpty();

      again.deliver("--number", "3", "--label", "robot");
      again.working();
      var all = again.processes();
      again.process.destroy();
      await().atMost(STOPPED).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  /** The dispatch file, with another label and another agent. */
  private static String changedRoutes() throws IOException {
    var file = "dispatch/labelled-issue.camel.yaml";
    var changed =
        Files.readString(Path.of("routes", file))
            .replace("'jangar'", "'robot'")
            .replace("agent: sample", "agent: other");
    assertThat(changed).contains("'robot'", "agent: other");
    var copy = temp.resolve("routes").resolve(file);
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, changed);
    return temp.resolve("routes").toString();
  }

  private static boolean serves(ProcessHandle process, Path folder) {
    return process
        .info()
        .commandLine()
        .filter(line -> line.contains("postgres") && line.contains(folder.resolve("postgres") + ""))
        .isPresent();
  }

  private static InputStream source(String name, String repository) {
    var manifest =
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: ImplementationSource
        metadata: {namespace: agents, name: %s}
        spec:
          provider: github
          auth: {secretRef: {name: sample-github}}
          webhook: {enabled: true}
          scope: {repository: %s}
        """
            .formatted(name, repository);
    return new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8));
  }

  private static long deliveries(String id) throws Exception {
    return server.count(
        "SELECT count(*) FROM implementation_source_deliveries WHERE delivery_id = '" + id + "'");
  }

  /** By hand: the JDK's client lets nobody choose the Host. */
  private static int status(String request, String host, String origin) throws IOException {
    try (var socket = new Socket("127.0.0.1", server.port)) {
      var head = request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n";
      var rest = origin == null ? "\r\n" : "Origin: " + origin + "\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write((head + rest).getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }
}

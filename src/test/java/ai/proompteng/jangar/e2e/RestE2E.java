package ai.proompteng.jangar.e2e;

import static java.util.function.Predicate.isEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.Settings;
import ai.proompteng.jangar.Wiring;
import ai.proompteng.jangar.kube.ClusterClients;
import ai.proompteng.jangar.rest.Answers;
import ai.proompteng.jangar.testing.Needed;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.Rights.Account;
import ai.proompteng.jangar.testing.TestCluster;
import ai.proompteng.jangar.testing.TestDatabase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What REST makes and changes in a real cluster, with the rights of each account that serves it.
 */
@NeedsCluster
class RestE2E {
  private static final String API = "agents.proompteng.ai/v1alpha1";
  private static final String TOKEN = "the token of this test";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestCluster real;
  private final TestDatabase database = TestDatabase.create();
  private final HttpClient http = HttpClient.newHttpClient();
  private Wiring wiring;

  RestE2E(TestCluster real) {
    this.real = real;
  }

  @AfterEach
  void stop() {
    wiring.close();
    database.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CONTROL_PLANE"})
  void agents_and_runs_are_made_changed_shown_and_cancelled(Account account) throws Exception {
    var namespace = real.newNamespace();
    provider(namespace);
    start(account, namespace);

    var agent = "{\"name\":\"writer\",\"spec\":{\"providerRef\":{\"name\":\"exec\"}%s}}";
    var made = post(201, "/v1/agents", "a-1", agent.formatted(",\"config\":{\"a\":{\"b\":1}}"));
    assertThat(made.at("/agent/metadata/namespace").asText()).isEqualTo(namespace);
    var changed =
        post(200, "/v1/agents?mode=apply", "a-2", agent.formatted(",\"config\":{\"c\":2}"));
    assertThat(changed.at("/agent/spec/config")).hasToString("{\"c\":2}");
    var none = agent.formatted("").replace("exec", "none").replace("writer", "other");
    assertThat(post(404, "/v1/agents", "a-3", none).at("/details/kind").asText())
        .isEqualTo("AgentProvider");
    assertThat(get("/v1/agents/writer").at("/agent/metadata/uid"))
        .isEqualTo(made.at("/agent/metadata/uid"));

    var run =
        "{\"agentRef\":{\"name\":\"writer\"},\"runtime\":{\"type\":\"job\"},%s}"
            .formatted("\"workload\":{\"image\":\"x:1\"},\"implementation\":{\"text\":\"do it\"}");
    var first = post(201, "/v1/agent-runs", "r-1", run);
    var again = post(200, "/v1/agent-runs", "r-1", run);
    assertThat(first.at("/resource/metadata").has("managedFields")).isFalse();
    assertThat(again.at("/agentRun/id")).isEqualTo(first.at("/agentRun/id"));
    database.change( // as a server leaves it that dies before it answers
        "UPDATE idempotency_requests SET state = 'in_progress', deadline = now()");
    var finished = post(201, "/v1/agent-runs", "r-1", run);
    assertThat(finished.at("/agentRun/id")).isEqualTo(first.at("/agentRun/id"));
    var absent =
        run.replace(
            "\"implementation\":{\"text\":\"do it\"}",
            "\"implementationSpecRef\":{\"name\":\"x\"}");
    assertThat(post(404, "/v1/agent-runs", "r-2", absent).at("/details/kind").asText())
        .isEqualTo("ImplementationSpec");
    var enumerated = run.replace("\"do it\"", "\"do it\",\"source\":{\"provider\":\"nobody\"}");
    assertThat(post(400, "/v1/agent-runs", "r-3", enumerated).at("/code").asText())
        .isEqualTo("invalid_object");

    var id = first.at("/agentRun/id").asText();
    assertThat(get("/v1/agent-runs?agentId=writer").at("/runs/0/id").asText()).isEqualTo(id);
    post(200, "/v1/agent-runs/" + id + "/cancel", "c-1", "{\"reason\":\"no longer needed\"}");
    assertThat(run(namespace, first.at("/resource/metadata/name").asText()))
        .satisfies(
            there ->
                assertThat(there.getMetadata().getAnnotations())
                    .containsEntry("agents.proompteng.ai/cancel", "true")
                    .containsEntry("agents.proompteng.ai/cancel-reason", "no longer needed"));
  }

  @Test
  void a_run_that_is_asked_for_runs_says_what_it_does_and_is_ended() throws Exception {
    var image = Needed.by("RestE2E", "a runner's image", "JANGAR_TEST_RUNNER_IMAGE");
    var namespace = real.newNamespace();
    provider(namespace);
    start(Account.SERVER, namespace, true);
    post(
        201,
        "/v1/agents",
        "a",
        "{\"name\":\"says\",\"spec\":{\"providerRef\":{\"name\":\"says\"}}}");
    var body =
        "{\"agentRef\":{\"name\":\"says\"},\"runtime\":{\"type\":\"job\"},"
            + "\"workload\":{\"image\":\"%s\"},\"implementation\":{\"text\":\"%s\"}}";
    var quick = post(201, "/v1/agent-runs", "quick", body.formatted(image, "hello there"));
    var endless = post(201, "/v1/agent-runs", "endless", body.formatted(image, "wait for me"));
    var id = endless.at("/agentRun/id").asText();
    var name = endless.at("/resource/metadata/name").asText();

    awaitStatus(quick.at("/agentRun/id").asText(), "Succeeded");
    assertThat(text("/v1/agent-runs/" + quick.at("/agentRun/id").asText() + "/logs"))
        .contains("hello there");
    awaitStatus(id, "Running");
    await("its pod is there").atMost(PATIENCE).until(() -> pods(namespace, name) == 1);

    post(200, "/v1/agent-runs/" + id + "/cancel", "end", "");
    awaitStatus(id, "Cancelled");
    await("its process is gone").atMost(PATIENCE).until(() -> pods(namespace, name) == 0);
    var over = post(200, "/v1/agent-runs/" + id + "/cancel", "end-again", "");
    assertThat(over.at("/agentRun/status").asText()).isEqualTo("Cancelled");
  }

  private void awaitStatus(String id, String status) {
    await(id + " is " + status)
        .atMost(PATIENCE)
        .until(() -> get("/v1/runs/" + id).at("/run/status").asText(), isEqual(status));
  }

  private long pods(String namespace, String run) {
    return real.client().pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getName().startsWith(run + "-"))
        .count();
  }

  private String text(String path) throws Exception {
    var request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + TOKEN);
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }

  private void start(Account account, String namespace) {
    start(account, namespace, false);
  }

  private void start(Account account, String namespace, boolean controls) {
    var settings =
        Settings.of(
            Map.of(
                "PORT",
                "0",
                "JANGAR_HTTP_HOST",
                "127.0.0.1",
                "DATABASE_URL",
                database.url().jdbcUrl(),
                "JANGAR_AGENTS_CONTROLLER_ENABLED",
                String.valueOf(controls),
                "JANGAR_AGENTS_CONTROLLER_NAMESPACES",
                namespace));
    var config = real.rights(account, namespace).config();
    wiring = Wiring.local(settings, ClusterClients.open(config, Duration.ofSeconds(10)), TOKEN);
    wiring.start();
    await().atMost(PATIENCE).until(() -> wiring.troubles().isEmpty());
  }

  private JsonNode post(int status, String path, String key, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body))
            .build();
    var answer = Answers.fit(http.send(request, BodyHandlers.ofString()));
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private JsonNode get(String path) throws Exception {
    var request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + TOKEN);
    var answer = Answers.fit(http.send(request.build(), BodyHandlers.ofString()));
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + wiring.port() + path);
  }

  private GenericKubernetesResource run(String namespace, String name) {
    return real.client()
        .genericKubernetesResources(API, "AgentRun")
        .inNamespace(namespace)
        .withName(name)
        .get();
  }

  private void provider(String namespace) {
    var yaml =
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentProvider
        metadata: {name: exec}
        spec: {binary: /usr/local/bin/agent-runner, adapter: {type: exec, exec: {binary: /opt/agent}}}
        ---
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentProvider
        metadata: {name: says}
        spec:
          binary: /usr/local/bin/agent-runner
          adapter: {type: exec, exec: {binary: java, argsTemplate: [/workspace/Says.java, "{{run.prompt}}"]}}
          inputFiles:
            - path: /workspace/Says.java
              content: |
                class Says {
                  public static void main(String[] words) throws Exception {
                    System.out.println(words[0]);
                    Thread.sleep(words[0].contains("wait") ? 600_000 : 0);
                  }
                }
        """;
    real.client()
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> real.client().resource(object).inNamespace(namespace).create());
  }
}

package ai.proompteng.jangar.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner as a process of its own, as in a pod. */
class AgentRunnerTest {
  private final ObjectMapper json = new ObjectMapper();
  @TempDir Path workspace;

  @Test
  void an_agent_that_ends_well_has_succeeded_with_its_outputs() throws Exception {
    Files.writeString(workspace.resolve("run.json"), "{\"issueTitle\":\"It's $(id) {{x}}\"}");

    var exit =
        run(
            exec(
                "/bin/sh",
                "-c",
                "echo out; echo err >&2; echo \"$1 $WHO\" > said.txt",
                "sh",
                "{{ run.issueTitle }}"));

    assertThat(exit).isZero();
    assertThat(workspace.resolve("said.txt")).hasContent("It's $(id) {{x}} sample");
    assertThat(status().path("status").asText()).isEqualTo("succeeded");
    assertThat(status().at("/artifacts/outputArtifacts").findValuesAsText("name"))
        .containsExactly("said");
    assertThat(Files.readAllLines(workspace.resolve(".agent/runner.log")))
        .containsExactlyInAnyOrder("out", "err");
    assertThat(console()).contains("out", "err", "artifact gone dropped");
  }

  @Test
  void an_agent_that_fails_gives_its_code() throws Exception {
    assertThat(run(exec("/bin/sh", "-c", "exit 7"))).isEqualTo(7);
    assertThat(status().path("status").asText()).isEqualTo("failed");
    assertThat(status().path("exitCode").asInt()).isEqualTo(7);
    assertThat(status().path("errorClass").asText()).isEqualTo("other");
  }

  @Test
  void a_spec_that_is_of_no_use_is_never_tried_again() throws Exception {
    assertThat(run("{\"provider\":\"sample\",\"adapter\":{\"type\":\"codex-app-server\"}}"))
        .isEqualTo(2);
    assertThat(status().path("reason").asText()).isEqualTo("NotSupportedYet");
    assertThat(run("{")).isEqualTo(2);
  }

  @Test
  void a_keyed_artifact_is_refused_by_name() throws Exception {
    var spec = (com.fasterxml.jackson.databind.node.ObjectNode) json.readTree(exec("/bin/true"));
    spec.putObject("providerSpec")
        .putArray("outputArtifacts")
        .addObject()
        .put("name", "d")
        .put("key", "k");

    assertThat(run(spec.toString())).isEqualTo(2);
    assertThat(status().path("error").asText()).contains("outputArtifacts.key");
  }

  @Test
  void a_program_that_is_not_there_is_named() throws Exception {
    assertThat(run(exec("no-such-agent"))).isEqualTo(1);
    assertThat(status().path("reason").asText()).isEqualTo("RunnerDependencyMissing");
  }

  @Test
  void a_runner_told_to_stop_stops_all_it_started() throws Exception {
    var runner =
        start(
            exec(
                "/bin/sh",
                "-c",
                "sleep 300 & echo $! > pid; trap 'echo asked; exit 0' TERM; wait"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                Files.exists(workspace.resolve("pid")) && Files.size(workspace.resolve("pid")) > 1);
    var grandchild =
        ProcessHandle.of(Long.parseLong(Files.readString(workspace.resolve("pid")).strip()))
            .orElseThrow();

    runner.destroy();

    assertThat(runner.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(runner.exitValue()).isEqualTo(130);
    assertThat(status().path("status").asText()).isEqualTo("cancelled");
    await().atMost(10, TimeUnit.SECONDS).until(() -> !grandchild.isAlive());
  }

  @Test
  void old_logs_beside_the_log_are_dropped() throws Exception {
    Files.createDirectories(workspace.resolve(".agent"));
    var old = Files.writeString(workspace.resolve(".agent/old.log"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(700_000)));
    var young = Files.writeString(workspace.resolve(".agent/young.log"), "x");

    assertThat(run(exec("/bin/true"))).isZero();

    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  private String exec(String binary, String... args) throws IOException {
    var artifacts =
        List.of(
            Map.of("name", "said", "path", workspace.resolve("said.txt").toString()),
            Map.of("name", "gone", "path", workspace.resolve("gone.txt").toString()));
    return json.writeValueAsString(
        Map.of(
            "schemaVersion",
            RunnerSpec.SCHEMA_VERSION,
            "provider",
            "sample",
            "payloads",
            Files.exists(workspace.resolve("run.json"))
                ? Map.of("eventFilePath", workspace.resolve("run.json").toString())
                : Map.of(),
            "inputs",
            Map.of("who", "sample"),
            "adapter",
            Map.of(
                "type",
                "exec",
                "exec",
                Map.of(
                    "binary",
                    binary,
                    "argsTemplate",
                    List.of(args),
                    "envTemplate",
                    Map.of("WHO", "{{inputs.who}}"),
                    "outputArtifacts",
                    artifacts))));
  }

  private int run(String spec) throws Exception {
    var process = start(spec);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Process start(String spec) throws IOException {
    Files.writeString(workspace.resolve("agent-runner.json"), spec);
    var classPath =
        Stream.of(AgentRunner.class, ObjectMapper.class, TreeNode.class, JsonProperty.class)
            .map(
                type ->
                    Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                        .toString())
            .collect(Collectors.joining(File.pathSeparator));
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                AgentRunner.class.getName())
            .directory(workspace.toFile())
            .redirectErrorStream(true)
            .redirectOutput(workspace.resolve("console.txt").toFile());
    builder
        .environment()
        .put("AGENT_RUNNER_SPEC_PATH", workspace.resolve("agent-runner.json").toString());
    return builder.start();
  }

  private JsonNode status() throws IOException {
    return json.readTree(workspace.resolve(".agent/status.json").toFile());
  }

  private String console() throws IOException {
    return Files.readString(workspace.resolve("console.txt"));
  }
}

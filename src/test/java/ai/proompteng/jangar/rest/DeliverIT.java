package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event maker of the docs, as its own process, against the shipped route. */
class DeliverIT {
  @TempDir Path folder;
  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    server =
        new Webhooks(HttpLimits.defaults(), Optional.empty(), Access.NOBODY, new NoRuns())
            .withSource();
    Files.writeString(folder.resolve("port"), server.port() + "\n");
    Files.writeString(folder.resolve("webhook-secret"), Webhooks.SECRET + "\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void it_reads_port_and_secret_from_the_local_folder() throws Exception {
    var said = deliver("--delivery", "d-1", "--title", "A \"title\"", "--form", "--times", "2");
    assertThat(said)
        .containsExactly(
            "200 {\"ok\":true,\"queued\":1,\"deduped\":0,\"deliveryId\":\"d-1\"}",
            "200 {\"ok\":true,\"queued\":0,\"deduped\":1,\"deliveryId\":\"d-1\"}",
            "exit 0");
    assertThat(server.intake.stored())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.externalId()).isEqualTo("octo/hello#1");
              assertThat(item.action()).isEqualTo("labeled");
              assertThat(item.summary()).isEqualTo("A \"title\"");
              assertThat(item.labels()).containsExactly("jangar");
              assertThat(item.version()).isNotNull();
            });
  }

  @Test
  void a_wrong_secret_is_told_and_counts_as_failure() throws Exception {
    var said = deliver("--secret", "wrong", "--number", "2");
    assertThat(said).hasSize(2);
    assertThat(said.get(0)).startsWith("401 {\"ok\":false");
    assertThat(said.get(1)).isEqualTo("exit 1");
  }

  private List<String> deliver(String... options) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "docs/try/Deliver.java"));
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JANGAR_LOCAL_DIR", folder.toString());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    var lines = new ArrayList<>(output.lines().toList());
    lines.add("exit " + process.exitValue());
    return lines;
  }
}

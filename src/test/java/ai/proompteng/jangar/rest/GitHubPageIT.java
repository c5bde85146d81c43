package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Docs;
import ai.proompteng.jangar.testing.Needed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command of the page on GitHub with which one tries the address, as it is written there. */
class GitHubPageIT {
  private static final Path PAGE = Path.of("docs/trackers/github.md");
  private Webhooks server;

  @BeforeEach
  void start() throws Exception {
    Needed.program("GitHubPageIT", "curl");
    Needed.program("GitHubPageIT", "openssl");
    server =
        new Webhooks(HttpLimits.defaults(), Optional.empty(), Access.NOBODY, new NoRuns())
            .with("hello", "octo", "octo/hello");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void the_ping_that_the_page_signs_is_verified_and_ignored() throws Exception {
    assertThat(ping(Webhooks.SECRET)).isEqualTo("{\"ok\":true,\"ignored\":true}");
  }

  @Test
  void another_secret_is_told() throws Exception {
    assertThat(ping("another")).contains("\"code\":\"invalid_signature\"");
  }

  private String ping(String secret) throws Exception {
    var command =
        Docs.blocks(PAGE).stream()
            .filter(block -> block.language().equals("sh") && block.text().contains("curl"))
            .findFirst()
            .orElseThrow();
    var shell = new ProcessBuilder("sh", "-eu", "-c", command.text()).redirectErrorStream(true);
    shell
        .environment()
        .putAll(Map.of("JANGAR", server.uri("").toString(), "WEBHOOK_SECRET", secret));
    var process = shell.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}

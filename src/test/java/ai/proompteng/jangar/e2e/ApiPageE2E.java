package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Docs;
import ai.proompteng.jangar.testing.Needed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the page on the API, one after the other, against a server in local mode. */
class ApiPageE2E {
  private static final Pattern EXPECTED = Pattern.compile("(?m)# (\\d{3})$");
  private static final Pattern ANSWERED = Pattern.compile("(?m)^(\\d{3})$");

  @Test
  void each_command_is_answered_as_the_page_says(@TempDir Path temp) throws Exception {
    Needed.program("ApiPageE2E", "curl");
    var commands =
        Docs.blocks(Path.of("docs/api.md")).stream()
            .filter(block -> block.language().equals("sh"))
            .map(Docs.Block::text)
            .collect(Collectors.joining("\n"));
    try (var server = LocalServer.start(temp.resolve("jangar"), Map.of())) {
      var shell = new ProcessBuilder("sh", "-eu", "-c", commands).redirectErrorStream(true);
      shell.environment().put("JANGAR_LOCAL_DIR", server.folder.toString());
      var process = shell.start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(all(ANSWERED, said)).as(said).isNotEmpty().isEqualTo(all(EXPECTED, commands));
    }
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(it -> it.group(1)).toList();
  }
}

package ai.proompteng.jangar.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFilesTest {
  private final ObjectMapper json = new ObjectMapper();
  @TempDir Path folder;

  @Test
  void the_compact_status_has_no_arguments_and_a_short_error() throws IOException {
    var compact = written(outcome("e".repeat(600), 1, 10));

    assertThat(compact.has("args")).isFalse();
    assertThat(compact.path("error").asText()).hasSize(StatusFiles.COMPACT_ERROR);
    assertThat(compact.at("/artifacts/outputArtifacts/0/path").asText()).isEqualTo("/p".repeat(10));
    assertThat(full().path("args")).hasSize(1);
    assertThat(full().path("error").asText()).hasSize(600);
  }

  @Test
  void it_shrinks_step_by_step_until_the_kubelet_keeps_all_of_it() throws IOException {
    for (var outcome :
        List.of(
            outcome("x", 20, 300),
            outcome("ß".repeat(512), 50, 10),
            outcome("\u0001".repeat(512), 500, 1000))) {
      var compact = written(outcome);

      assertThat(Files.size(status())).isLessThanOrEqualTo(StatusFiles.COMPACT_BYTES);
      assertThat(compact.path("status").asText()).isEqualTo("failed");
      assertThat(compact.path("exitCode").asInt()).isEqualTo(7);
    }
  }

  @Test
  void whatever_it_holds_the_compact_status_fits_and_parses() throws IOException {
    var random = new Random(7);
    for (int round = 0; round < 300; round++) {
      var outputs = new ArrayList<Map<String, String>>();
      for (int i = random.nextInt(60); i > 0; i--) {
        outputs.add(Map.of("name", hostile(random), "url", hostile(random)));
      }
      var words = hostile(random);
      var outcome =
          new Outcome(
              "failed",
              7,
              Instant.EPOCH,
              Instant.EPOCH,
              words,
              List.of(words),
              words,
              words,
              words,
              outputs);
      new StatusFiles(json).write(words, status(), folder.resolve("log"), outcome);
      assertThat(Files.size(status())).isLessThanOrEqualTo(StatusFiles.COMPACT_BYTES);
      assertThat(json.readTree(status().toFile()).path("exitCode").asInt()).isEqualTo(7);
    }
  }

  /** Of any length, of characters of any width, escapes and halves of pairs among them. */
  private static String hostile(Random random) {
    var kinds = new String[] {"a", "\u0000", "\"", "\\", "ß", "漢", "\uD83D\uDE00", "\uD83D", "\n"};
    var text = new StringBuilder();
    for (int i = random.nextInt(random.nextBoolean() ? 20 : 2000); i > 0; i--) {
      text.append(kinds[random.nextInt(kinds.length)]);
    }
    return text.toString();
  }

  @Test
  void paths_go_before_names() throws IOException {
    var outputs = written(outcome("x", 20, 300)).at("/artifacts/outputArtifacts");

    assertThat(outputs).hasSize(20);
    assertThat(outputs.get(0).has("path")).isFalse();
    assertThat(outputs.get(0).path("name").asText()).isEqualTo("name-0");
  }

  @Test
  void the_file_is_overwritten_in_place() throws IOException {
    Files.createDirectories(status().getParent());
    Files.writeString(status(), "x".repeat(9000));
    var before =
        Files.readAttributes(status(), java.nio.file.attribute.BasicFileAttributes.class).fileKey();

    written(outcome("x", 1, 1));

    assertThat(
            Files.readAttributes(status(), java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey())
        .isEqualTo(before);
  }

  private Outcome outcome(String error, int artifacts, int pathLength) {
    var outputs =
        IntStream.range(0, artifacts)
            .mapToObj(i -> Map.of("name", "name-" + i, "path", "/p".repeat(pathLength)))
            .toList();
    return new Outcome(
        "failed",
        7,
        Instant.EPOCH,
        Instant.EPOCH,
        "/bin/x",
        List.of("secret"),
        null,
        error,
        null,
        outputs);
  }

  private JsonNode written(Outcome outcome) throws IOException {
    new StatusFiles(json).write("sample", status(), folder.resolve("runner.log"), outcome);
    return json.readTree(status().toFile());
  }

  private JsonNode full() throws IOException {
    return json.readTree(status().resolveSibling("status.full.json").toFile());
  }

  private Path status() {
    return folder.resolve(".agent/status.json");
  }
}

package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Crds;
import ai.proompteng.jangar.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every YAML block in the docs parses, and the objects of our kinds in them fit. */
class DocsTest {
  private static final Pattern BLOCK =
      Pattern.compile("^( *)```ya?ml\\s*\\n(.*?)^ *```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String OURS = "agents.proompteng.ai/";

  /** A block, and where it stands. */
  record Block(Path file, int line, String yaml) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  static List<Block> blocks() throws IOException {
    var blocks = new ArrayList<Block>();
    for (var root : List.of(Path.of("README.md"), Path.of("docs"), Path.of("routes"))) {
      if (!Files.exists(root)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(root)) {
        for (var file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
          var text = Files.readString(file);
          BLOCK.matcher(text).results().map(block -> block(file, text, block)).forEach(blocks::add);
        }
      }
    }
    return blocks;
  }

  private static Block block(Path file, String text, MatchResult found) {
    var line = (int) text.substring(0, found.start()).lines().count() + 1;
    return new Block(file, line, found.group(2).replaceAll("(?m)^" + found.group(1), ""));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void a_block_parses_and_its_objects_fit(Block block) {
    for (var object : Samples.documents(block.yaml())) {
      if (object.path("apiVersion").asText().startsWith(OURS)) {
        var schema = Crds.schema(object.path("kind").asText());
        assertThat(Crds.misfits("", schema, object)).as(block.toString()).isEmpty();
      }
    }
  }

  @Test
  void every_kind_has_its_page() {
    assertThat(Crds.all().keySet())
        .allSatisfy(
            kind -> {
              var page = Path.of("docs/kinds", kind.toLowerCase(java.util.Locale.ROOT) + ".md");
              assertThat(Files.readString(page))
                  .contains("## Example", "## Writing", "## Status", "## Conditions");
            });
  }

  @Test
  void a_field_that_no_kind_has_is_found() {
    var wrong =
        Samples.documents(
            "{apiVersion: agents.proompteng.ai/v1alpha1, kind: Agent, metadata: {name: a},"
                + " spec: {providerRef: {name: p, kind: x}, surprise: 1}}");
    assertThat(Crds.misfits("", Crds.schema("Agent"), wrong.get(0)))
        .containsExactly(".spec.providerRef.kind is unknown", ".spec.surprise is unknown");
  }
}

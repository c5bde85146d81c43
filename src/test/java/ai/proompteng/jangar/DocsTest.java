package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Crds;
import ai.proompteng.jangar.testing.Docs;
import ai.proompteng.jangar.testing.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every YAML block in the docs parses, and the objects of our kinds in them fit. */
class DocsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final String OURS = "agents.proompteng.ai/";

  static List<Docs.Block> blocks() {
    return Stream.concat(Docs.yaml().stream(), Docs.examples().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void a_block_parses_and_its_objects_fit(Docs.Block block) {
    for (var object : Samples.documents(block.text())) {
      if (object.path("apiVersion").asText().startsWith(OURS)) {
        var schema = Crds.schema(object.path("kind").asText());
        assertThat(Crds.misfits("", schema, object)).as(block.toString()).isEmpty();
      }
    }
  }

  @Test
  void a_link_within_the_pages_leads_somewhere() {
    for (var page : Docs.pages()) {
      var folder = page.toAbsolutePath().getParent();
      LINK.matcher(Docs.read(page))
          .results()
          .map(link -> link.group(1))
          .filter(target -> !target.contains(":"))
          .forEach(target -> leads(page, folder, target));
    }
  }

  private static void leads(Path page, Path folder, String target) {
    var parts = target.split("#", 2);
    var file = parts[0].isEmpty() ? page : folder.resolve(parts[0]).normalize();
    assertThat(file).as(page + " links to " + target).exists();
    if (parts.length == 2) {
      assertThat(anchors(Docs.read(file))).as(page + " links to " + target).contains(parts[1]);
    }
  }

  /** A heading's anchor, as GitHub makes it. */
  private static List<String> anchors(String markdown) {
    return HEADING
        .matcher(markdown)
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void every_kind_has_its_page() {
    assertThat(Crds.all().keySet())
        .allSatisfy(
            kind -> {
              var page = Path.of("docs/kinds", kind.toLowerCase(Locale.ROOT) + ".md");
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

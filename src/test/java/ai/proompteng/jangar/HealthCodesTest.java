package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every code that {@code /ready} may give is explained on the page. */
class HealthCodesTest {
  private static final Path SOURCES = Path.of("src/main/java/ai/proompteng/jangar");
  private static final Pattern CODE =
      Pattern.compile(
          "\"((?:database|routes|route_file|agentrun_ingestion|leader_election|check)_[a-z_]+)[:\"]");

  @Test
  void the_page_explains_each_code_and_no_other() throws IOException {
    var said = new TreeSet<String>();
    for (var file :
        List.of(
            "Troubles.java", "Health.java", "store/DatabaseTrouble.java", "rest/Readiness.java")) {
      CODE.matcher(Files.readString(SOURCES.resolve(file)))
          .results()
          .forEach(found -> said.add(found.group(1)));
    }
    said.add("missing_agents_crd");
    said.add("forbidden_agents_crd");
    var page = Files.readString(Path.of("docs/operations/observe.md"));
    var table = page.substring(page.indexOf("| Code | Ready |"));
    var explained = new TreeSet<String>();
    Pattern.compile("`([a-z_]+)(?::<[a-z]+>)?`")
        .matcher(table.substring(0, table.indexOf("\n\n")))
        .results()
        .forEach(found -> explained.add(found.group(1)));
    assertThat(said).hasSizeGreaterThan(10);
    assertThat(explained).isEqualTo(said);
  }
}

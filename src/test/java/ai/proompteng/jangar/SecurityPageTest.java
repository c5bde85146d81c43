package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each threat of the page has a test, and each test that it names is there. */
class SecurityPageTest {
  private static final Path PAGE = Path.of("docs/operations/security.md");
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z]\\w+(?:Test|IT|E2E|Audit))(?:\\.(\\w+))?`");
  private static final int THREATS = 20;

  @Test
  void each_threat_names_a_test() throws IOException {
    var text = Files.readString(PAGE);
    var table = text.substring(text.indexOf("## Threats"), text.indexOf("## Camel"));
    var rows = table.lines().filter(line -> line.startsWith("|")).skip(2).toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(THREATS);
    assertThat(rows)
        .allSatisfy(row -> assertThat(NAMED.matcher(cells(row).get(4)).find()).as(row).isTrue());
  }

  @Test
  void each_test_that_is_named_is_there() throws IOException {
    var named = NAMED.matcher(Files.readString(PAGE)).results().toList();
    for (var test : named) {
      try (var files = Files.walk(Path.of("src/test/java"))) {
        var file = files.filter(it -> it.endsWith(test.group(1) + ".java")).findFirst();
        assertThat(file).as(test.group()).isPresent();
        if (test.group(2) != null) {
          assertThat(Files.readString(file.get())).contains("void " + test.group(2) + "(");
        }
      }
    }
  }

  private static List<String> cells(String row) {
    return List.of(row.substring(1).split("\\|"));
  }
}

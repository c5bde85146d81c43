package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the settings is written from them; {@code -Djangar.rewrite} writes it anew. */
class SettingsPageTest {
  private static final Path PAGE = Path.of("docs/operations/settings.md");
  private static final Path CHART = Path.of("helm/jangar/files/settings.txt");

  /** A table of the page, and which settings stand in it. */
  private record Section(String title, List<String> prefixes) {
    boolean holds(Setting<?> setting) {
      return prefixes.stream().anyMatch(setting.name()::startsWith);
    }
  }

  private static final List<Section> SECTIONS =
      List.of(
          new Section("The controller", List.of("JANGAR_AGENTS_CONTROLLER_", "JANGAR_CONTROLLER_")),
          new Section("Leadership", List.of("JANGAR_LEADER_ELECTION_")),
          new Section("Runs", List.of("JANGAR_AGENTRUN_")),
          new Section("What runs get that name nothing else", List.of("JANGAR_AGENT_")));

  @Test
  void the_page_says_what_the_settings_are() throws IOException {
    var page = page();
    if (Boolean.getBoolean("jangar.rewrite")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("./mvnw test -Dtest=SettingsPageTest -Djangar.rewrite=true writes it anew")
        .isEqualTo(page);
  }

  /** The chart refuses names that the server does not know, so it must know them all. */
  @Test
  void the_chart_knows_the_names_of_the_settings() throws IOException {
    var names = new TreeSet<>(Settings.names());
    if (Boolean.getBoolean("jangar.rewrite")) {
      Files.writeString(CHART, String.join("\n", names) + "\n");
    }
    assertThat(Files.readAllLines(CHART))
        .as("./mvnw test -Dtest=SettingsPageTest -Djangar.rewrite=true writes it anew")
        .containsExactlyElementsOf(names);
  }

  private static String page() {
    var page = new StringBuilder(INTRODUCTION);
    page.append(table("The server", setting -> SECTIONS.stream().noneMatch(s -> s.holds(setting))));
    SECTIONS.stream()
        .filter(section -> Settings.ALL.stream().anyMatch(section::holds))
        .forEach(section -> page.append(table(section.title(), section::holds)));
    page.append(
        "\n## Read before there are settings\n\n| Variable | Meaning; default |\n|---|---|\n");
    new TreeMap<>(Settings.ELSEWHERE)
        .forEach((name, meaning) -> page.append("| `%s` | %s |\n".formatted(name, meaning)));
    page.append(LATER);
    LaterSettings.ALL.forEach(
        later ->
            page.append(
                "| %s | %s |\n"
                    .formatted(
                        later.feature(),
                        later.names().stream()
                            .map(name -> "`" + name + "`")
                            .collect(Collectors.joining(", ")))));
    return page.toString();
  }

  private static String table(String title, Predicate<Setting<?>> held) {
    return "\n## "
        + title
        + "\n\n| Variable | Value | Default | Meaning |\n|---|---|---|---|\n"
        + Settings.ALL.stream()
            .filter(held)
            .map(SettingsPageTest::row)
            .collect(Collectors.joining());
  }

  private static String row(Setting<?> setting) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            setting.name(),
            setting.form() + (setting.secret() ? "; never shown" : ""),
            setting.fallback() == null ? "" : "`" + setting.fallback() + "`",
            setting.meaning());
  }

  private static final String INTRODUCTION =
      """
      # Settings

      Jangar reads environment variables, once, when it starts. This page is written from the code.

      - A switch is `1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`, in any case.
      - A list has commas or is a JSON array: `a, b` or `["a","b"]`. Empty items do not count.
      - A number is a whole one, within its bounds. An object or array is JSON.
      - An empty value counts as unset.
      - A value of another form stops the start: the process ends with 2, and its last line names the variable and the form, for all
        bad ones at once. A secret's value is not repeated.
      - The values in force are logged once, secrets as `***`.
      - A `JANGAR_` name that nobody knows is a warning, with the nearest name there is.
      """;

  private static final String LATER =
      """

      ## Known, without effect yet

      A chart may set these already. They are named once in the log when they are set; their values are not read.

      | Will belong to | Variables |
      |---|---|
      """;
}

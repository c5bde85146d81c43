package ai.proompteng.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.testing.Crds;
import ai.proompteng.jangar.testing.Docs;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a kind says all that the kind has: every field, and every reason it may show. */
class KindPagesTest {
  private static final Path PAGES = Path.of("docs/kinds");
  private static final Path SOURCES = Path.of("src/main/java/ai/proompteng/jangar");
  private static final String COMMON = "readme";

  /** What says the reasons of a kind: folders, and files of {@code core}. */
  private static final Map<String, List<String>> SPEAKERS =
      Map.of(
          "agent",
          List.of("agent", "core/Verdict.java"),
          "agentprovider",
          List.of("provider", "core/Verdict.java"),
          "implementationspec",
          List.of("implementation"),
          "implementationsource",
          List.of("source", "core/Verdict.java"),
          "agentrun",
          List.of("agentrun", "runtime", "artifact"),
          COMMON,
          List.of("core/StandardConditions.java", "core/Conditions.java"));

  /** Fields of a run that another page, or another field, tells: their schemas are the same. */
  private static final Map<String, String> TOLD_ELSEWHERE =
      Map.of(
          "implementation.inline", "ImplementationSpec",
          "workflow.steps[].implementation", "implementation",
          "workflow.steps[].implementationSpecRef", "implementationSpecRef",
          "workflow.steps[].workload", "workload");

  /** Told in the row of the field around them, since nothing of it is built. */
  private static final Set<String> NOT_BUILT =
      Set.of("workflow.steps[].loop.condition", "workflow.steps[].loop.state");

  private static final Set<String> STATUS_NOT_BUILT = Set.of("workflow", "vcs");
  private static final Pattern REASON = Pattern.compile("\\bReason\\.([A-Z]\\w+)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Agent",
        "AgentProvider",
        "AgentRun",
        "ImplementationSource",
        "ImplementationSpec"
      })
  void every_field_has_its_row(String kind) {
    var page = page(kind.toLowerCase(Locale.ROOT));
    var schema = Crds.schema(kind).path("properties");
    var spec = new TreeSet<String>();
    fields("", schema.path("spec"), spec);
    spec.removeIf(field -> below(field, TOLD_ELSEWHERE.keySet()) || below(field, NOT_BUILT));
    assertThat(told(section(page, "Writing"))).as("spec of " + kind).containsAll(spec);
    var status = new TreeSet<String>();
    fields("", schema.path("status"), status);
    status.removeIf(field -> below(field, STATUS_NOT_BUILT) || field.startsWith("conditions[]"));
    assertThat(told(section(page, "Status"))).as("status of " + kind).containsAll(status);
  }

  @Test
  void a_row_is_of_a_field_that_there_is() {
    for (var kind : Crds.all().keySet()) {
      var page = page(kind.toLowerCase(Locale.ROOT));
      for (var part : Map.of("Writing", "spec", "Status", "status").entrySet()) {
        var schema = Crds.schema(kind).path("properties").path(part.getValue());
        assertThat(told(firstTable(section(page, part.getKey()))))
            .as(part.getKey() + " of " + kind)
            .allSatisfy(field -> assertThat(leads(schema, field)).as(field).isTrue());
      }
    }
  }

  @Test
  void a_field_that_is_told_elsewhere_is_the_same_there() {
    var run = Crds.schema("AgentRun").path("properties").path("spec");
    TOLD_ELSEWHERE.forEach(
        (field, other) -> {
          var there =
              Crds.all().containsKey(other)
                  ? Crds.schema(other).path("properties").path("spec")
                  : at(run, other);
          assertThat(at(run, field).path("properties")).isEqualTo(there.path("properties"));
        });
  }

  @Test
  void every_condition_field_is_told_once_for_all_kinds() {
    var fields = new TreeSet<String>();
    fields("", Crds.schema("Agent").path("properties").path("status"), fields);
    assertThat(told(page(COMMON))).containsAll(fields);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent",
        "agentprovider",
        "agentrun",
        "implementationsource",
        "implementationspec"
      })
  void every_reason_that_a_kind_may_show_has_its_row(String kind) {
    var rows = rows(section(page(kind), "Conditions"));
    var reasons = reasons(kind);
    reasons.removeAll(reasons(COMMON)); // told once for all kinds
    assertThat(reasons)
        .allSatisfy(
            reason ->
                assertThat(rows)
                    .as(reason + " in docs/kinds/" + kind + ".md")
                    .anySatisfy(
                        row -> {
                          assertThat(row.get(0)).contains("`" + reason + "`");
                          assertThat(row).hasSize(3).noneMatch(String::isBlank);
                        }));
  }

  @Test
  void every_reason_there_is_stands_on_some_page() {
    var pages =
        SPEAKERS.keySet().stream().map(KindPagesTest::page).collect(Collectors.joining("\n"));
    assertThat(Arrays.stream(Reason.values()))
        .allSatisfy(reason -> assertThat(pages).contains("`" + reason + "`"));
    assertThat(page(COMMON)).contains(reasons(COMMON).stream().map(r -> "`" + r + "`").toList());
  }

  @Test
  void a_reason_that_is_named_is_found() {
    assertThat(reasons("agent")).contains("ProviderNotReady", "NotSupportedYet");
    assertThat(reasons("agentrun")).contains("SecretNotFound", "UrlTooLong").doesNotContain("Idle");
  }

  private static Set<String> reasons(String kind) {
    var reasons = new TreeSet<String>();
    for (var speaker : SPEAKERS.get(kind)) {
      try (Stream<Path> files = Files.walk(SOURCES.resolve(speaker))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .flatMap(file -> REASON.matcher(Docs.read(file)).results())
            .map(found -> found.group(1))
            .forEach(reasons::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return reasons;
  }

  private static void fields(String path, JsonNode schema, Set<String> into) {
    if (schema.has("items")) {
      fields(path + "[]", schema.get("items"), into);
      return;
    }
    for (var property : schema.path("properties").properties()) {
      var field = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      into.add(property.getValue().has("items") ? field + "[]" : field);
      fields(field, property.getValue(), into);
    }
  }

  /** What stands as code in the first cell of a row; a list may be named with or without []. */
  private static Set<String> told(String markdown) {
    return rows(markdown).stream()
        .flatMap(row -> CODE.matcher(row.get(0)).results())
        .map(MatchResult::group)
        .map(code -> code.replace("`", ""))
        .flatMap(code -> Stream.of(code, code + "[]"))
        .collect(Collectors.toSet());
  }

  private static List<List<String>> rows(String markdown) {
    return markdown
        .lines()
        .filter(line -> line.startsWith("| "))
        .map(line -> line.substring(1, line.lastIndexOf('|')).split("(?<!\\\\)\\|", -1))
        .map(cells -> Arrays.stream(cells).map(String::strip).toList())
        .toList();
  }

  private static boolean below(String field, Set<String> parents) {
    return parents.stream()
        .anyMatch(parent -> field.startsWith(parent + ".") || field.startsWith(parent + "[]."));
  }

  private static boolean leads(JsonNode schema, String field) {
    return !at(schema, field).isMissingNode();
  }

  private static JsonNode at(JsonNode schema, String field) {
    var here = schema;
    for (var name : field.split("\\.")) {
      if (Crds.schemaless(here) || here.has("additionalProperties")) {
        return here;
      }
      here = here.path("properties").path(name.replace("[]", ""));
      here = here.has("items") ? here.get("items") : here;
    }
    return here;
  }

  private static String firstTable(String section) {
    var lines = new ArrayList<String>();
    for (var line : section.lines().toList()) {
      if (line.startsWith("|")) {
        lines.add(line);
      } else if (!lines.isEmpty()) {
        break;
      }
    }
    return String.join("\n", lines);
  }

  private static String section(String page, String title) {
    var sections = new TreeMap<String, String>();
    for (var part : page.split("(?m)^## ")) {
      sections.put(part.lines().findFirst().orElse(""), part);
    }
    return sections.get(title);
  }

  private static String page(String name) {
    return Docs.read(PAGES.resolve(name.equals(COMMON) ? "README.md" : name + ".md"));
  }
}

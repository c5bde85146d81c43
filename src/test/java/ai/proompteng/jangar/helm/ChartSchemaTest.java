package ai.proompteng.jangar.helm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Chart;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The schema of the values knows what the templates read, and nothing else (W44). */
class ChartSchemaTest {
  private static final Pattern READ = Pattern.compile("(?:\\.Values|\\$values)((?:\\.[A-Za-z]+)+)");

  /** What may hold anything, since Kubernetes or the user knows what. */
  private static final List<String> FREE = List.of("free", "strings", "vars");

  @Test
  void every_value_has_its_place_in_the_schema() throws IOException {
    var schema = schema();
    assertThat(
            unknown(
                schema,
                leaves(
                    Serialization.yamlMapper()
                        .readTree(Chart.FOLDER.resolve("values.yaml").toFile()))))
        .isEmpty();
  }

  @Test
  void every_path_that_a_template_reads_is_in_the_schema() throws IOException {
    var schema = schema();
    var read = new TreeSet<String>();
    try (var files = Files.walk(Chart.FOLDER.resolve("templates"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        READ.matcher(Files.readString(file))
            .results()
            .forEach(found -> read.add(found.group(1).substring(1)));
      }
    }
    assertThat(read).hasSizeGreaterThan(60);
    assertThat(unknown(schema, read)).isEmpty();
  }

  @Test
  void every_path_of_the_schema_is_in_the_values_or_told_in_their_comments() throws IOException {
    var text = Files.readString(Chart.FOLDER.resolve("values.yaml"));
    var values = Serialization.yamlMapper().readTree(text);
    var told = new TreeSet<String>();
    Pattern.compile("(?m)^ *# ([A-Za-z]+):( |$)")
        .matcher(text)
        .results()
        .forEach(found -> told.add(found.group(1)));
    var paths = new TreeSet<String>();
    collect("", schema(), paths);
    assertThat(paths.stream().filter(path -> !isIn(values, path) && !told.contains(last(path))))
        .isEmpty();
  }

  @Test
  void the_readme_names_every_group_of_values() throws IOException {
    var readme = Files.readString(Chart.FOLDER.resolve("README.md"));
    schema()
        .path("properties")
        .fieldNames()
        .forEachRemaining(
            name -> assertThat(readme).as(name).contains(name.equals("global") ? "" : "`" + name));
  }

  @Test
  void nothing_additional_is_taken_anywhere() throws IOException {
    var open = new TreeSet<String>();
    objects("", schema(), open);
    assertThat(open).isEmpty();
  }

  /** The schema at a dotted path; missing when it knows no such value. */
  static JsonNode at(JsonNode schema, String path) {
    var at = schema;
    for (var name : path.split("\\.")) {
      at = resolved(schema, at);
      if (at.path("properties").has(name)) {
        at = at.path("properties").path(name);
      } else if (!at.has("properties") && at.path("type").asText().equals("object")) {
        return at;
      } else {
        return MissingNode.getInstance();
      }
    }
    return resolved(schema, at);
  }

  private static List<String> unknown(JsonNode schema, Set<String> paths) {
    return paths.stream().filter(path -> at(schema, path).isMissingNode()).toList();
  }

  private static JsonNode resolved(JsonNode schema, JsonNode at) {
    var ref = at.path("$ref").asText();
    return ref.isEmpty() ? at : schema.at(ref.substring(1));
  }

  private static TreeSet<String> leaves(JsonNode values) {
    var leaves = new TreeSet<String>();
    leaves("", values, leaves);
    return leaves;
  }

  private static void leaves(String path, JsonNode value, TreeSet<String> into) {
    if (value.isObject() && !value.isEmpty()) {
      value
          .properties()
          .forEach(each -> leaves((path + "." + each.getKey()), each.getValue(), into));
    } else {
      into.add(path.substring(1));
    }
  }

  /** Not into what is shared: its parts are told at one of its places. */
  private static void collect(String path, JsonNode at, TreeSet<String> into) {
    for (var each : at.path("properties").properties()) {
      var below = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
      if (!below.equals("global")) { // Helm's own
        into.add(below);
      }
      collect(below, each.getValue(), into);
    }
  }

  private static boolean isIn(JsonNode values, String path) {
    var at = values;
    for (var name : path.split("\\.")) {
      at = at.path(name);
    }
    return !at.isMissingNode();
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static void objects(String path, JsonNode at, TreeSet<String> open) {
    if (at.isObject()) {
      var conditional = path.contains("/allOf/");
      if (at.path("type").asText().equals("object")
          && !at.has("additionalProperties")
          && !conditional
          && FREE.stream().noneMatch(name -> path.endsWith("/definitions/" + name))
          && !path.endsWith("/properties/global")) {
        open.add(path);
      }
      at.properties().forEach(each -> objects(path + "/" + each.getKey(), each.getValue(), open));
    } else if (at.isArray()) {
      for (int i = 0; i < at.size(); i++) {
        objects(path + "/" + i, at.get(i), open);
      }
    }
  }

  private static JsonNode schema() throws IOException {
    return Serialization.jsonMapper().readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
  }
}

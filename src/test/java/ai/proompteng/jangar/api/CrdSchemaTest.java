package ai.proompteng.jangar.api;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Crds;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@code crds/} and the records together, in both directions, to the field. */
class CrdSchemaTest {
  private static final int MAX_JSON_BYTES = 256 * 1024;

  // part of every metav1.Condition; our statuses carry the generation once, beside the conditions
  private static final Set<String> UNREAD = Set.of("status.conditions[].observedGeneration");

  static Stream<Kind<?, ?>> kinds() {
    return Stream.of(
        Kind.AGENT_RUN,
        Kind.AGENT,
        Kind.AGENT_PROVIDER,
        Kind.IMPLEMENTATION_SPEC,
        Kind.IMPLEMENTATION_SOURCE);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void the_records_and_the_schema_say_the_same(Kind<?, ?> kind) {
    var schema = Crds.schema(kind.kind()).path("properties");
    var differences = new ArrayList<String>();
    compare("spec", kind.spec(), schema.path("spec"), differences);
    compare("status", kind.status(), schema.path("status"), differences);
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void the_definition_is_named_as_the_kind_is(Kind<?, ?> kind) {
    var crd = Crds.all().get(kind.kind());
    assertThat(crd.at("/metadata/name").asText()).isEqualTo(kind.plural() + "." + kind.group());
    assertThat(crd.at("/spec/group").asText()).isEqualTo(kind.group());
    assertThat(crd.at("/spec/names/plural").asText()).isEqualTo(kind.plural());
    assertThat(crd.at("/spec/scope").asText()).isEqualTo("Namespaced");
    assertThat(crd.at("/spec/versions")).hasSize(1);
    assertThat(crd.at("/spec/versions/0/name").asText()).isEqualTo(kind.version());
    assertThat(crd.at("/spec/versions/0/subresources/status").isObject()).isTrue();
    assertThat(Files.exists(Path.of("crds/agents.proompteng.ai_" + kind.plural() + ".yaml")))
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_definition_is_small_enough_to_be_applied_by_any_client(Kind<?, ?> kind)
      throws IOException {
    assertThat(Decoder.mapper().writeValueAsBytes(Crds.all().get(kind.kind())))
        .hasSizeLessThan(MAX_JSON_BYTES);
  }

  @Test
  void the_columns_of_a_run_say_how_it_is_and_why() {
    var columns = Crds.all().get("AgentRun").at("/spec/versions/0/additionalPrinterColumns");
    assertThat(columns.findValuesAsText("name"))
        .containsExactly(
            "Phase",
            "Agent",
            "Succeeded",
            "Reason",
            "StartTime",
            "CompletionTime",
            "Runtime",
            "Why");
    assertThat(Crds.all().get("AgentRun").at("/spec/names/shortNames/0").asText()).isEqualTo("ar");
  }

  @Test
  void a_field_on_one_side_alone_is_found() {
    record Narrow(String name) {}
    record Wide(String name, Map<String, Object> more) {}
    var schema = Decoder.mapper().valueToTree(wide());
    var differences = new ArrayList<String>();
    compare("spec", Narrow.class, schema, differences);
    assertThat(differences).containsExactly("spec.more is in the schema alone");
    differences.clear();
    ((com.fasterxml.jackson.databind.node.ObjectNode) schema.at("/properties")).remove("more");
    compare("spec", Wide.class, schema, differences);
    assertThat(differences).containsExactly("spec.more is in the record alone");
  }

  private static Map<String, Object> wide() {
    return Map.of(
        "type",
        "object",
        "properties",
        Map.of("name", Map.of("type", "string"), "more", Map.of("type", "string")));
  }

  private static void compare(String path, Type type, JsonNode schema, List<String> differences) {
    var expected = shape(type);
    var actual = shape(schema);
    if (!expected.equals(actual)) {
      differences.add(path + " is " + expected + " in the record, " + actual + " in the schema");
      return;
    }
    switch (expected) {
      case "array" -> compare(path + "[]", argument(type, 0), schema.path("items"), differences);
      case "map" ->
          compare(path + "{}", argument(type, 1), schema.path("additionalProperties"), differences);
      case "object" -> fields(path, (Class<?>) type, schema, differences);
      default -> {}
    }
  }

  private static void fields(
      String path, Class<?> type, JsonNode schema, List<String> differences) {
    var unseen = new TreeSet<String>();
    schema.path("properties").fieldNames().forEachRemaining(unseen::add);
    for (var component : type.getRecordComponents()) {
      var field = path + "." + component.getName();
      if (unseen.remove(component.getName())) {
        var sub = schema.path("properties").path(component.getName());
        compare(field, component.getGenericType(), sub, differences);
      } else {
        differences.add(field + " is in the record alone");
      }
    }
    unseen.stream()
        .map(name -> path + "." + name)
        .filter(field -> !UNREAD.contains(field))
        .forEach(field -> differences.add(field + " is in the schema alone"));
  }

  private static String shape(Type type) {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == List.class) {
        return "array";
      }
      return argument(generic, 1) == Object.class ? "schemaless" : "map";
    }
    if (type == String.class) {
      return "string";
    }
    if (type == Instant.class) {
      return "string/date-time";
    }
    if (type == Integer.class) {
      return "integer/int32";
    }
    if (type == Long.class) {
      return "integer/int64";
    }
    if (type == Boolean.class) {
      return "boolean";
    }
    return ((Class<?>) type).isRecord() ? "object" : type.getTypeName();
  }

  private static String shape(JsonNode schema) {
    if (Crds.schemaless(schema)) {
      return "schemaless";
    }
    var type = schema.path("type").asText();
    if (type.equals("object") && schema.has("additionalProperties")) {
      return "map";
    }
    return schema.has("format") ? type + "/" + schema.get("format").asText() : type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}

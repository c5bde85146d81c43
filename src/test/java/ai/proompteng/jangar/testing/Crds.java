package ai.proompteng.jangar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files under {@code crds/}, as trees, and a light look at whether an object fits one. */
public final class Crds {
  private static final Path FOLDER = Path.of("crds");

  private Crds() {}

  /** Every definition by its kind. */
  public static Map<String, JsonNode> all() {
    try (var files = Files.list(FOLDER)) {
      var crds = new TreeMap<String, JsonNode>();
      for (var file : files.toList()) {
        var crd = Serialization.yamlMapper().readTree(file.toFile());
        crds.put(crd.at("/spec/names/kind").asText(), crd);
      }
      return crds;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema of the kind's objects. */
  public static JsonNode schema(String kind) {
    return all().get(kind).at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /** True where any field is kept. */
  public static boolean schemaless(JsonNode schema) {
    return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
  }

  /** What the schema does not know, lacks or types otherwise, each with its path. */
  public static List<String> misfits(String path, JsonNode schema, JsonNode value) {
    var misfits = new ArrayList<String>();
    look(path, schema, value, misfits);
    return misfits;
  }

  private static void look(String path, JsonNode schema, JsonNode value, List<String> misfits) {
    var type = schema.path("type").asText();
    var fits =
        switch (type) {
          case "string" -> value.isTextual();
          case "integer" -> value.isIntegralNumber();
          case "boolean" -> value.isBoolean();
          case "array" -> value.isArray();
          case "object" -> value.isObject();
          default -> false;
        };
    if (!fits) {
      misfits.add(path + " is no " + type);
      return;
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      misfits.add(path + " may not be " + value);
    }
    if (type.equals("array")) {
      for (int i = 0; i < value.size(); i++) {
        look(path + "[" + i + "]", schema.get("items"), value.get(i), misfits);
      }
    }
    if (type.equals("object") && !schemaless(schema)) {
      fields(path, schema, value, misfits);
    }
  }

  private static void fields(String path, JsonNode schema, JsonNode value, List<String> misfits) {
    schema
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                misfits.add(path + "." + name.asText() + " is required");
              }
            });
    for (var field : value.properties()) {
      var known =
          schema.has("additionalProperties")
              ? schema.get("additionalProperties")
              : schema.path("properties").path(field.getKey());
      if (path.isEmpty() && field.getKey().equals("metadata")) {
        continue;
      }
      if (known.isMissingNode()) {
        misfits.add(path + "." + field.getKey() + " is unknown");
      } else {
        look(path + "." + field.getKey(), known, field.getValue(), misfits);
      }
    }
  }

  private static boolean contains(JsonNode words, JsonNode value) {
    for (var word : words) {
      if (word.equals(value)) {
        return true;
      }
    }
    return false;
  }
}

package ai.proompteng.jangar.rest;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON schemas of the records that bodies are read into: strict, as {@link StrictJson} is. */
final class JsonSchemas {
  private final Map<String, Object> known = new LinkedHashMap<>();

  /** Every record that was asked for, and those within, by its name. */
  Map<String, Object> known() {
    return known;
  }

  /** A reference to the schema of that type. */
  Map<String, Object> of(Type type) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? list(of(arguments[0]))
          : inOrder("type", "object", "additionalProperties", of(arguments[1]));
    }
    if (type == String.class) {
      return Map.of("type", "string");
    }
    if (type == Integer.class || type == Long.class) {
      return Map.of("type", "integer");
    }
    if (type == Boolean.class) {
      return Map.of("type", "boolean");
    }
    return type instanceof Class<?> body && body.isRecord() ? ref(record(body)) : Map.of();
  }

  static Map<String, Object> ref(String name) {
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  static Map<String, Object> list(Map<String, Object> items) {
    return inOrder("type", "array", "items", items);
  }

  /** A map that keeps its order, so that two builds write one document. */
  static Map<String, Object> inOrder(Object... namesAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private String record(Class<?> body) {
    var outer = body.getEnclosingClass();
    var name = (outer == null ? "" : outer.getSimpleName()) + body.getSimpleName();
    if (known.containsKey(name)) {
      return name;
    }
    var schema = new LinkedHashMap<String, Object>();
    known.put(name, schema); // before its fields: one may be of this very kind
    var properties = new LinkedHashMap<String, Object>();
    for (var component : body.getRecordComponents()) {
      properties.put(component.getName(), of(component.getGenericType()));
    }
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    schema.put("properties", properties);
    return name;
  }
}

package ai.proompteng.jangar.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * What this version reads or writes of a kind and the API server's definition does not know: such a
 * field is dropped without a word (integrations-and-helm.md 5.8).
 */
public final class SchemaGaps {
  private SchemaGaps() {}

  /**
   * The paths of the fields that are lacking, {@code status.runner} say; a lacking field's own
   * fields are not listed.
   *
   * @param schema of the kind's objects, as the API server publishes it
   */
  public static List<String> of(Kind<?, ?> kind, JsonNode schema) {
    var gaps = new ArrayList<String>();
    look("spec", kind.spec(), schema.path("properties").path("spec"), gaps);
    look("status", kind.status(), schema.path("properties").path("status"), gaps);
    return gaps;
  }

  private static void look(String path, Type type, JsonNode schema, List<String> gaps) {
    if (schema.isMissingNode()) {
      gaps.add(path);
      return;
    }
    if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      return;
    }
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == List.class) {
        look(path + "[]", generic.getActualTypeArguments()[0], schema.path("items"), gaps);
      } else if (generic.getActualTypeArguments()[1] instanceof Class<?> value
          && value.isRecord()) {
        look(path + "{}", value, schema.path("additionalProperties"), gaps);
      }
      return;
    }
    if (type instanceof Class<?> record && record.isRecord()) {
      for (var component : record.getRecordComponents()) {
        var field = schema.path("properties").path(component.getName());
        look(path + "." + component.getName(), component.getGenericType(), field, gaps);
      }
    }
  }
}

package ai.proompteng.jangar.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** Values files as texts. */
final class Values {
  private Values() {}

  /** Lays one over another, as Helm does: maps are merged, all else is replaced. */
  static String over(String... layers) {
    var merged = Serialization.jsonMapper().createObjectNode();
    List.of(layers).forEach(layer -> merge(merged, tree(layer)));
    return merged.toString();
  }

  private static void merge(ObjectNode into, JsonNode over) {
    for (var each : over.properties()) {
      if (each.getValue().isObject() && into.path(each.getKey()).isObject()) {
        merge((ObjectNode) into.get(each.getKey()), each.getValue());
      } else {
        into.set(each.getKey(), each.getValue());
      }
    }
  }

  private static JsonNode tree(String yaml) {
    try {
      return Serialization.yamlMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}

package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Whether a status says anything new: times of looking and of conditions are no news. */
final class StatusNews {
  private static final List<String> TIMES_OF_LOOKING =
      List.of("updatedAt", "lastCheckedAt", "lastValidatedAt");

  private StatusNews() {}

  /** True when both say the same; conditions are a set. */
  static boolean same(Map<String, Object> old, Map<String, Object> now) {
    return plain(old).equals(plain(now));
  }

  private static JsonNode plain(Map<String, Object> status) {
    var tree = (ObjectNode) asRead(status);
    tree.remove(TIMES_OF_LOOKING);
    var said = new TreeSet<String>();
    for (var condition : tree.path("conditions")) {
      if (condition instanceof ObjectNode fields) {
        fields.remove("lastTransitionTime");
      }
      said.add(condition.toString());
    }
    tree.remove("conditions");
    said.forEach(tree.withArray("conditions")::add);
    return tree;
  }

  // through text, so that numbers are compared by value and not by their Java type
  private static JsonNode asRead(Map<String, Object> status) {
    try {
      return Decoder.mapper().readTree(Decoder.mapper().writeValueAsBytes(status));
    } catch (IOException e) {
      throw new IllegalArgumentException("a status that is no JSON", e);
    }
  }
}

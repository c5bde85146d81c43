package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Hashes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request says, as one hash (bars.md 4.5): equal for bodies that differ in white space or in
 * the order of their keys, as in RFC 8785. Whole numbers stay exact, however large.
 */
final class Fingerprint {
  private static final double MAX_WHOLE = 1e21;

  private Fingerprint() {}

  /**
   * @param path that was asked for, with its ids
   * @param ifMatch null without one
   * @param body an object; a missing node without one
   */
  static String of(
      String path,
      String namespace,
      Map<String, List<String>> query,
      String ifMatch,
      JsonNode body) {
    var changing = new TreeMap<>(query);
    changing.remove("namespace"); // it is said already
    changing.remove("dryRun", List.of("false"));
    var text = new StringBuilder();
    for (var part : List.of(path, namespace, changing.toString(), String.valueOf(ifMatch))) {
      text.append(part.length()).append(':').append(part);
    }
    write(body, text);
    return Hashes.sha256(text.toString());
  }

  private static void write(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      var fields = new TreeMap<String, JsonNode>();
      node.fields().forEachRemaining(field -> fields.put(field.getKey(), field.getValue()));
      out.append('{');
      fields.forEach(
          (name, value) -> {
            out.append(TextNode.valueOf(name)).append(':');
            write(value, out);
            out.append(',');
          });
      out.append('}');
    } else if (node.isArray()) {
      out.append('[');
      for (var item : node) {
        write(item, out);
        out.append(',');
      }
      out.append(']');
    } else {
      out.append(node.isNumber() ? number(node) : node.toString());
    }
  }

  private static String number(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue().toString();
    }
    double value = node.doubleValue();
    boolean whole = Math.abs(value) < MAX_WHOLE && value == Math.rint(value);
    return whole ? new BigDecimal(value).toBigInteger().toString() : Double.toString(value);
  }
}

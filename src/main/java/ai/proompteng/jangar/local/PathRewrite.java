package ai.proompteng.jangar.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gives a pod's paths their place on this machine, in texts and in JSON. Looks at each text once:
 * what was put in is not looked at again, and a path that merely begins alike stays.
 */
final class PathRewrite {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Path> places;
  private final Pattern known;

  /**
   * @param places a folder here for each folder of the pod
   */
  PathRewrite(Map<String, Path> places) {
    this.places = Map.copyOf(places);
    var paths =
        places.keySet().stream()
            .sorted(Comparator.comparing(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    this.known = Pattern.compile("(?<![A-Za-z0-9_./-])(" + paths + ")(?![A-Za-z0-9_.-])");
  }

  /** The text with the pod's paths replaced. */
  String text(String text) {
    return known
        .matcher(text)
        .replaceAll(path -> Matcher.quoteReplacement(places.get(path.group(1)).toString()));
  }

  /** The document with the paths in its texts replaced; what is not JSON stays as it is. */
  String json(String document) {
    try {
      return JSON.writeValueAsString(tree(JSON.readTree(document)));
    } catch (JsonProcessingException notJson) {
      return document;
    }
  }

  /** Where a path of the pod is here. */
  Path path(String path) {
    return Path.of(text(path)).normalize();
  }

  private JsonNode tree(JsonNode node) {
    if (node.isTextual()) {
      return JSON.getNodeFactory().textNode(text(node.textValue()));
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(tree(field.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, tree(array.get(i)));
      }
    }
    return node;
  }
}

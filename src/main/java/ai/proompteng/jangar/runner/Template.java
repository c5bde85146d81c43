package ai.proompteng.jangar.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renders <code>{{ a.b.c }}</code> from a JSON object, once: what is put in is never looked at
 * again (agentrun.md 3.2). Paths go through objects only; missing or null is the empty text;
 * strings are verbatim, everything else is JSON.
 */
final class Template {
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{\\s*([^\\s{}.]+(?:\\.[^\\s{}.]+)*)\\s*\\}\\}");

  private final JsonNode context;

  Template(JsonNode context) {
    this.context = context;
  }

  /** The text with every place filled. */
  String render(String text) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(value(place.group(1).split("\\."))));
  }

  private String value(String[] path) {
    var node = context;
    for (String name : path) {
      node = node.isObject() ? node.path(name) : node.path("");
    }
    if (node.isMissingNode() || node.isNull()) {
      return "";
    }
    return node.isTextual() ? node.textValue() : node.toString();
  }
}

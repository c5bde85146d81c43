package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The template language (agentrun.md 3.2): {@code {{ a.b.c }}}, a path through objects. No logic,
 * no escaping, and what was put in is never looked at again.
 */
public final class Template {
  private static final String PATH = "\\s*([^\\s{}.]+(?:\\.[^\\s{}.]+)*)\\s*";
  private static final Pattern BRACES = Pattern.compile("\\{\\{" + PATH + "}}");
  private static final Pattern BRACES_OR_DOLLAR =
      Pattern.compile("\\{\\{" + PATH + "}}|\\$\\{" + PATH + "}");

  private Template() {}

  /**
   * The text with each path replaced; what is missing or null is empty.
   *
   * @param context the roots by name
   */
  public static String render(String text, Map<String, ?> context) {
    return BRACES
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), context).orElse("")));
  }

  /**
   * The text of a task that an operator wrote: {@code ${a.b}} counts too, and what does not resolve
   * stays as it is.
   */
  public static String renderKnown(String text, Map<String, ?> context) {
    return BRACES_OR_DOLLAR
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(value(path(found), context).orElse(found.group())));
  }

  private static String path(MatchResult found) {
    return found.group(1) != null ? found.group(1) : found.group(2);
  }

  private static Optional<String> value(String path, Map<String, ?> context) {
    Object here = context;
    for (var name : path.split("\\.")) {
      here = here instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return Optional.ofNullable(here).map(Template::text);
  }

  private static String text(Object value) {
    if (value instanceof String string) {
      return string;
    }
    try {
      return Decoder.mapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("came out of JSON", e);
    }
  }
}

package ai.proompteng.jangar.source.github;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What an agent or a tracker has said, as text that nobody's renderer obeys: no markup, no mention,
 * no reference to another issue, one line. Pure.
 */
final class Markdown {
  private static final int MAX_TEXT = 1000;
  private static final int MAX_LINKS = 20;
  private static final int MAX_URL = 2048;
  private static final String UNSEEN = "\u200b";

  private Markdown() {}

  /** Never null. */
  static String plain(Object value) {
    var text = value == null ? "" : value.toString().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    var short_ = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    return short_
        .replaceAll("([\\\\`*_{}\\[\\]()|!~$])", "\\\\$1")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("@", "@" + UNSEEN)
        .replace("#", "#" + UNSEEN)
        .replace("://", ":" + UNSEEN + "//");
  }

  /** The artifacts that have an address, one a line; empty when there are none. */
  static String links(Object artifacts) {
    var all = artifacts instanceof List<?> list ? list : List.of();
    return all.stream()
        .map(Markdown::link)
        .filter(Objects::nonNull)
        .limit(MAX_LINKS)
        .collect(Collectors.joining("\n"));
  }

  private static String link(Object artifact) {
    if (artifact instanceof Map<?, ?> fields
        && fields.get("url") instanceof String url
        && url.length() <= MAX_URL
        && url.matches("https://[^\\s<>()\"'`\\\\\\[\\]]+")) {
      return "- [" + plain(fields.get("name")) + "](" + url + ")";
    }
    return null;
  }
}

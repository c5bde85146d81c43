package ai.proompteng.jangar.implementation;

import java.nio.charset.StandardCharsets;

/** Text of a tracker, made fit to be stored and read (integrations-and-helm.md 1.13). Pure. */
public final class SpecText {
  /** The longest text, in bytes of UTF-8. */
  public static final int MAX_TEXT_BYTES = 131_072;

  /** The longest summary, in code points. */
  public static final int MAX_SUMMARY = 256;

  private static final int REPLACEMENT = 0xFFFD;

  private SpecText() {}

  /**
   * The body prepared: line feeds alone end lines; no NUL or other C0 control but tab and line
   * feed; unpaired surrogates replaced; HTML comments outside code fences and outer blank lines
   * dropped. Preparing again changes nothing.
   *
   * @param body null counts as empty
   */
  public static String prepare(String body) {
    return trimBlankLines(HtmlComments.strip(clean(body)));
  }

  /** The text cut to {@link #MAX_TEXT_BYTES} between code points, no blank lines at its end. */
  public static String fit(String prepared) {
    return trimBlankLines(cutBytes(prepared, MAX_TEXT_BYTES));
  }

  /** A title in one line: whitespace runs are one space, cut at {@link #MAX_SUMMARY}. */
  public static String summary(String title) {
    return cut(oneLine(title), MAX_SUMMARY).strip();
  }

  /** The text's length in UTF-8. */
  public static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** At most so many code points of the text. */
  public static String cut(String text, int codePoints) {
    if (text.codePointCount(0, text.length()) <= codePoints) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, codePoints));
  }

  /** At most so many bytes of the text's UTF-8, cut between code points. */
  static String cutBytes(String text, int limit) {
    int bytes = 0;
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      bytes += width(codePoint);
      if (bytes > limit) {
        return text.substring(0, at);
      }
      at += Character.charCount(codePoint);
    }
    return text;
  }

  /** The text without outer white space, every run of white space one space, cleaned. */
  static String oneLine(String text) {
    return clean(text).replaceAll("(?U)\\s+", " ").strip();
  }

  /** Line ends unified, controls but tab and line feed dropped, unpaired surrogates replaced. */
  static String clean(String text) {
    if (text == null) {
      return "";
    }
    var out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      at += Character.charCount(codePoint);
      if (codePoint == '\r') {
        out.append('\n');
        at += at < text.length() && text.charAt(at) == '\n' ? 1 : 0;
      } else if (codePoint >= ' ' || codePoint == '\t' || codePoint == '\n') {
        out.appendCodePoint(isSurrogate(codePoint) ? REPLACEMENT : codePoint);
      }
    }
    return out.toString();
  }

  private static String trimBlankLines(String text) {
    int from = 0;
    int end = text.indexOf('\n');
    while (end >= 0 && text.substring(from, end).isBlank()) {
      from = end + 1;
      end = text.indexOf('\n', from);
    }
    int to = text.length();
    int start = text.lastIndexOf('\n');
    while (start >= from && text.substring(start, to).isBlank()) {
      to = start;
      start = text.lastIndexOf('\n', to - 1);
    }
    var trimmed = text.substring(from, Math.max(from, to));
    return trimmed.isBlank() ? "" : trimmed;
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static int width(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}

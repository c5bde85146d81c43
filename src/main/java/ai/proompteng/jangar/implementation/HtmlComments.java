package ai.proompteng.jangar.implementation;

import java.util.regex.Pattern;

/**
 * Takes HTML comments out of Markdown, where nobody who reads the rendered issue sees them
 * (integrations-and-helm.md 1.6). Those in code fences are shown, so they stay. One pass, linear;
 * what remains holds no comment even where two halves met (CommonMark 0.31, 4.5, 4.6).
 */
final class HtmlComments {
  private static final String OPEN = "<!--";
  private static final String CLOSE = "-->";
  private static final Pattern FENCE =
      Pattern.compile(" {0,3}(`{3,}[^`]*|~{3,}.*)", Pattern.DOTALL);

  private final String text;
  private final StringBuilder out;
  private int at;
  private int lineStart;
  private String fence = "";
  private boolean noneEndsAhead;

  private HtmlComments(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length());
  }

  static String strip(String text) {
    return text.contains("<!") ? new HtmlComments(text).strip() : text;
  }

  private String strip() {
    while (at < text.length()) {
      char next = text.charAt(at++);
      out.append(next);
      if (next == '\n') {
        endLine();
      } else if (next == '-' && fence.isEmpty() && endsWithOpen()) {
        skipComment();
      }
    }
    return out.toString();
  }

  private boolean endsWithOpen() {
    return out.length() >= lineStart + OPEN.length()
        && out.indexOf(OPEN, out.length() - OPEN.length()) >= 0;
  }

  private void skipComment() {
    int end = end();
    int open = out.length() - OPEN.length();
    if (end >= 0) {
      out.setLength(open);
      at = end;
    } else if (open - lineStart <= 3 && out.substring(lineStart, open).isBlank()) {
      out.setLength(open); // a block that is never closed hides the rest
      at = text.length();
    } // elsewhere it is shown as it is written
  }

  private int end() {
    if (text.startsWith(">", at)) {
      return at + 1;
    }
    if (text.startsWith("->", at)) {
      return at + 2;
    }
    int close = noneEndsAhead ? -1 : text.indexOf(CLOSE, at);
    noneEndsAhead = close < 0;
    return close < 0 ? -1 : close + CLOSE.length();
  }

  private void endLine() {
    fence = fenceAfter(fence, out.substring(lineStart, out.length() - 1));
    lineStart = out.length();
  }

  /**
   * The code fence that is open behind a line.
   *
   * @param fence the one open before it; empty when none
   */
  static String fenceAfter(String fence, String line) {
    if (!FENCE.matcher(line).matches()) {
      return fence;
    }
    var mark = line.stripLeading();
    char kind = mark.charAt(0);
    int length = 0;
    while (length < mark.length() && mark.charAt(length) == kind) {
      length++;
    }
    if (fence.isEmpty()) {
      return mark.substring(0, length);
    }
    boolean closes =
        kind == fence.charAt(0) && length >= fence.length() && mark.substring(length).isBlank();
    return closes ? "" : fence;
  }
}

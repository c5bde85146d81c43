package ai.proompteng.jangar.implementation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the list under a heading out of Markdown (integrations-and-helm.md 1.13). Nested items are
 * items of their own, {@code parent > child}. Pure.
 */
public final class AcceptanceCriteria {
  /** The most items kept. */
  public static final int MAX_ITEMS = 50;

  /** The longest item, in code points. */
  public static final int MAX_ITEM = 1024;

  /** The heading that is looked for unless a source says otherwise. */
  public static final String HEADING = "Acceptance Criteria";

  private static final int BOLD_LEVEL = 7;

  /**
   * A longer line is no heading or rule: keeps the patterns, which backtrack, cheap on hostile
   * text.
   */
  private static final int MAX_HEADING = 1024;

  private static final Pattern ATX =
      Pattern.compile(" {0,3}(#{1,6})(?:[ \\t]+(.*?))??(?:[ \\t]+#+)?[ \\t]*");
  private static final Pattern SETEXT = Pattern.compile(" {0,3}(=+|-+)[ \\t]*");
  private static final Pattern BOLD =
      Pattern.compile(" {0,3}(?:\\*\\*([^*]+)\\*\\*|__([^_]+)__)[ \\t]*:?[ \\t]*");
  private static final Pattern ITEM =
      Pattern.compile("([ \\t]*)(?:[-*+]|[0-9]{1,9}[.)])[ \\t]+(.*)", Pattern.DOTALL);
  private static final Pattern BREAK = Pattern.compile(" {0,3}([-*_])[ \\t]*(?:\\1[ \\t]*){2,}");
  private static final Pattern TASK = Pattern.compile("\\[[ xX]\\][ \\t]+(.*)", Pattern.DOTALL);
  private static final Pattern EMOJI =
      Pattern.compile("[\\p{So}\\p{Sk}\\x{FE0F}\\x{200D}]|:[a-z0-9_+-]+:");

  private record Item(int indent, String text) {}

  private final String title;
  private final List<String> found = new ArrayList<>();
  private final Deque<Item> open = new ArrayDeque<>();
  private int sectionLevel;
  private String fence = "";

  private AcceptanceCriteria(String title) {
    this.title = title;
  }

  /**
   * The items under the first heading of that title, any level, or bold line.
   *
   * @param text prepared
   * @return at most {@link #MAX_ITEMS}, each cut at {@link #MAX_ITEM}; empty without such a heading
   */
  public static List<String> under(String heading, String text) {
    var reader = new AcceptanceCriteria(plain(heading));
    var lines = text.split("\n", -1);
    for (int i = 0; i < lines.length && !reader.done(); i++) {
      reader.line(lines[i], i + 1 < lines.length ? lines[i + 1] : "");
    }
    return List.copyOf(reader.found);
  }

  /** The items as they may be stored: in one line each, blank ones dropped, within the limits. */
  public static List<String> fit(List<String> items) {
    return items.stream()
        .map(SpecText::oneLine)
        .filter(item -> !item.isEmpty())
        .map(item -> SpecText.cut(item, MAX_ITEM).strip())
        .limit(MAX_ITEMS)
        .toList();
  }

  private boolean done() {
    return sectionLevel < 0 || found.size() == MAX_ITEMS;
  }

  private void line(String line, String next) {
    var before = fence;
    fence = HtmlComments.fenceAfter(fence, line);
    if (!before.isEmpty() || !fence.isEmpty()) {
      return;
    }
    int level = level(line, next);
    if (level > 0) {
      heading(level, line);
    } else if (sectionLevel > 0) {
      content(line);
    }
  }

  private void heading(int level, String line) {
    if (sectionLevel > 0) {
      sectionLevel = level <= sectionLevel ? -1 : sectionLevel;
      open.clear();
    } else if (title.equals(plain(headingText(line)))) {
      sectionLevel = level;
    }
  }

  private void content(String line) {
    var item = ITEM.matcher(line);
    if (item.matches() && !isBreak(line)) {
      add(indent(item.group(1)), item.group(2));
    } else if (line.isBlank() || !Character.isWhitespace(line.charAt(0))) {
      open.clear();
    } else if (!open.isEmpty()) {
      goOn(line);
    }
  }

  private void add(int indent, String content) {
    while (!open.isEmpty() && open.peek().indent() >= indent) {
      open.pop();
    }
    var task = TASK.matcher(content);
    var text = (task.matches() ? task.group(1) : content).strip();
    if (text.isEmpty()) {
      return;
    }
    var whole = open.isEmpty() ? text : open.peek().text() + " > " + text;
    keep(new Item(indent, SpecText.cut(whole, MAX_ITEM).strip()));
  }

  private void goOn(String line) {
    var item = open.pop();
    found.remove(found.size() - 1);
    keep(new Item(item.indent(), SpecText.cut(item.text() + " " + line.strip(), MAX_ITEM).strip()));
  }

  private void keep(Item item) {
    open.push(item);
    found.add(item.text());
  }

  /** 1 to 6 for a heading, 7 for a bold line, 0 for anything else. */
  private static int level(String line, String next) {
    if (line.length() > MAX_HEADING) {
      return 0;
    }
    var atx = ATX.matcher(line);
    if (atx.matches()) {
      return atx.group(1).length();
    }
    var setext = SETEXT.matcher(next);
    if (setext.matches() && isParagraph(line)) {
      return setext.group(1).startsWith("=") ? 1 : 2;
    }
    return BOLD.matcher(line).matches() ? BOLD_LEVEL : 0;
  }

  private static boolean isParagraph(String line) {
    return !line.isBlank()
        && indent(line) < 4
        && !line.stripLeading().startsWith(">")
        && !ITEM.matcher(line).matches()
        && !SETEXT.matcher(line).matches();
  }

  private static boolean isBreak(String line) {
    return line.length() <= MAX_HEADING && BREAK.matcher(line).matches();
  }

  private static String headingText(String line) {
    var atx = ATX.matcher(line);
    if (atx.matches()) {
      return atx.group(2) == null ? "" : atx.group(2);
    }
    return line;
  }

  /** A heading as it is compared: no emphasis, emoji, colon at its end or case. */
  private static String plain(String heading) {
    var words = EMOJI.matcher(heading.toLowerCase(Locale.ROOT)).replaceAll("");
    return SpecText.oneLine(words.replaceAll("[*_]", " ")).replaceAll("[\\s:]+$", "");
  }

  private static int indent(String line) {
    int width = 0;
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '\t') {
        width += 4 - width % 4;
      } else if (line.charAt(i) == ' ') {
        width++;
      } else {
        break;
      }
    }
    return width;
  }
}

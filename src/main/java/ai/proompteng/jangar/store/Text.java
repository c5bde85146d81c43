package ai.proompteng.jangar.store;

/** Text that PostgreSQL takes: it refuses U+0000, and half a surrogate pair is no character. */
final class Text {
  private static final int MAX_ERROR = 1024;
  private static final char REPLACEMENT = '\uFFFD';

  private Text() {}

  /** The text without NULs, each unpaired surrogate replaced by U+FFFD. */
  static String storable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == 0 || Character.isSurrogate(text.charAt(i))) {
        return repaired(text);
      }
    }
    return text;
  }

  /** The start of a message of any length. */
  static String error(String message) {
    return message == null || message.length() <= MAX_ERROR
        ? message
        : message.substring(0, MAX_ERROR);
  }

  private static String repaired(String text) {
    var good = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        good.append(c).append(text.charAt(++i));
      } else if (Character.isSurrogate(c)) {
        good.append(REPLACEMENT);
      } else if (c != 0) {
        good.append(c);
      }
    }
    return good.toString();
  }
}

package ai.proompteng.jangar.core;

import java.util.Locale;

/**
 * How objects and label values are named (agentrun.md 0): deterministic, so that a retry finds what
 * it made.
 */
public final class Names {
  /** A DNS label's length, which also bounds a label's value. */
  public static final int MAX_LENGTH = 63;

  private static final int KEPT_OF_LONG = 54;
  private static final int SHORT_HASH = 8;
  private static final int KEPT_OF_KEY = 50;
  private static final int KEY_HASH = 12;
  private static final String LABEL_VALUE = "[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?";

  private Names() {}

  /**
   * The name {@code <base>-<suffix>} as a DNS label: lower case, each run of other characters one
   * dash; a longer one than 63 is cut at 54 and ends in eight hex digits of its SHA-1.
   */
  public static String makeName(String base, String suffix) {
    var stem = base.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
    var name = strip(stem + "-" + suffix, "-");
    if (name.length() <= MAX_LENGTH) {
      return name;
    }
    return name.substring(0, KEPT_OF_LONG) + "-" + Hashes.sha1(name).substring(0, SHORT_HASH);
  }

  /**
   * The name of a child of the object: a function of its uid, so that a re-created owner never
   * meets its predecessor's (decision 27).
   */
  public static String childName(String owner, String ownerUid, String suffix) {
    return makeName(owner, shortHash(ownerUid) + "-" + suffix);
  }

  /** The first eight hex digits of the text's SHA-256. */
  public static String shortHash(String text) {
    return Hashes.sha256(text).substring(0, SHORT_HASH);
  }

  /**
   * The text as a label's value: lower case, other characters dashes, edges alphanumeric, 63 at
   * most, {@code unknown} if nothing is left.
   */
  public static String labelValue(String text) {
    var value = text == null ? "" : text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]", "-");
    value = strip(value, "-_.");
    if (value.length() > MAX_LENGTH) {
      value = strip(value.substring(0, MAX_LENGTH), "-_.");
    }
    return value.isEmpty() ? "unknown" : value;
  }

  /**
   * A key that somebody chose as a label's value: kept where it may be one, else told apart by the
   * first twelve hex digits of its SHA-256 (orchestration-and-api.md 0.2).
   */
  public static String keyLabel(String key) {
    var trimmed = key.trim();
    if (trimmed.length() <= MAX_LENGTH && trimmed.matches(LABEL_VALUE)) {
      return trimmed;
    }
    var stem = strip(trimmed.replaceAll("[^A-Za-z0-9_.-]+", "-"), "-_.");
    stem = strip(stem.substring(0, Math.min(stem.length(), KEPT_OF_KEY)), "-_.");
    return (stem.isEmpty() ? "delivery" : stem) + "-" + Hashes.sha256(key).substring(0, KEY_HASH);
  }

  private static String strip(String text, String edges) {
    int from = 0;
    int to = text.length();
    while (from < to && edges.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (to > from && edges.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }
}

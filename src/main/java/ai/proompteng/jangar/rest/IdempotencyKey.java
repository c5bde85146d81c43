package ai.proompteng.jangar.rest;

import java.util.List;
import java.util.regex.Pattern;

/** The header Idempotency-Key (bars.md 4.2): plain, or an RFC 8941 String; both are one key. */
final class IdempotencyKey {
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,255}");
  private static final Pattern STRING = Pattern.compile("\"(([^\"\\\\]|\\\\[\"\\\\])*)\"");

  private IdempotencyKey() {}

  /**
   * The key.
   *
   * @param headers all of that name
   */
  static String of(List<String> headers) {
    if (headers.stream().allMatch(String::isBlank)) {
      throw ErrorCode.IDEMPOTENCY_KEY_REQUIRED.refuse("Idempotency-Key header is required");
    }
    if (headers.size() > 1) {
      throw ErrorCode.IDEMPOTENCY_KEY_INVALID.refuse("there is more than one Idempotency-Key");
    }
    var given = headers.get(0).strip();
    var key = given.startsWith("\"") ? unquoted(given) : given;
    if (!KEY.matcher(key).matches()) {
      throw invalid();
    }
    return key;
  }

  private static String unquoted(String given) {
    var string = STRING.matcher(given);
    if (!string.matches()) {
      throw invalid();
    }
    return string.group(1).replaceAll("\\\\(.)", "$1");
  }

  private static RuntimeException invalid() {
    return ErrorCode.IDEMPOTENCY_KEY_INVALID.refuse(
        "Idempotency-Key must be 1 to 255 visible ASCII characters");
  }
}

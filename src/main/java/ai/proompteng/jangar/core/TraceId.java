package ai.proompteng.jangar.core;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a piece of work is followed by, from a webhook to a pod: 32 hex digits, as W3C Trace Context
 * has them. Nothing is decided by it.
 */
public final class TraceId {
  private static final int TRACE = 32;
  private static final int SPAN = 16;
  private static final Pattern ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  private TraceId() {}

  /** A new one. */
  public static String fresh() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** The same one whenever it is asked: of an object that nobody gave one. */
  public static String of(String uid) {
    return Hashes.sha256(uid).substring(0, TRACE);
  }

  /** The text, if it is one. */
  public static Optional<String> read(String text) {
    return Optional.ofNullable(text).filter(id -> ID.matcher(id).matches());
  }

  /** The one that a {@code traceparent} header names; empty unless the header is valid. */
  public static Optional<String> ofTraceparent(String header) {
    if (header == null || header.length() > 256) {
      return Optional.empty();
    }
    var match = TRACEPARENT.matcher(header);
    // a later version of the header may say more
    return match.matches() && (match.group(2) == null || !header.startsWith("00"))
        ? Optional.of(match.group(1))
        : Optional.empty();
  }

  /**
   * What is handed on.
   *
   * @param span what stands for the one who hands it on, a uid for example
   */
  public static String traceparent(String traceId, String span) {
    return "00-" + traceId + "-" + Hashes.sha256(span + "/span").substring(0, SPAN) + "-01";
  }
}

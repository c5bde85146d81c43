package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.TraceId;
import ai.proompteng.jangar.store.Requests;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request, as those see it who answer it.
 *
 * @param id the last named part of its path; empty without one
 * @param key its idempotency key; null when it has none
 * @param ifMatch the version that is to be changed; null when it does not say
 * @param caller who was authenticated
 */
record Call(
    String id,
    RunQuery query,
    byte[] body,
    String key,
    String ifMatch,
    Optional<String> traceId,
    String requestId,
    Caller caller) {
  private static final int MAX_KEY = 255;
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1," + MAX_KEY + "}");

  /** The idempotency key, plain or as an RFC 8941 String: both are one key. */
  static String key(String header) {
    if (header == null || header.isBlank()) {
      return null;
    }
    var given = header.strip();
    var quoted = given.length() > 1 && given.startsWith("\"") && given.endsWith("\"");
    var key = quoted ? given.substring(1, given.length() - 1) : given;
    if (!KEY.matcher(key).matches()) {
      throw ErrorCode.IDEMPOTENCY_KEY_INVALID.refuse("Idempotency-Key is not valid");
    }
    return key;
  }

  static Optional<String> traceId(String traceparent) {
    return TraceId.ofTraceparent(traceparent);
  }

  String requiredKey() {
    if (key == null) {
      throw ErrorCode.IDEMPOTENCY_KEY_REQUIRED.refuse("Idempotency-Key header is required");
    }
    return key;
  }

  Requests.Asked asked(String source, String namespace) {
    return new Requests.Asked(source, caller.principal(), requestId, key, namespace);
  }
}

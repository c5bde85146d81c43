package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.TraceId;
import ai.proompteng.jangar.store.Requests;
import java.util.Optional;

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

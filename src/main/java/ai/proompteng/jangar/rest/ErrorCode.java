package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import java.util.Locale;
import java.util.Map;

/** Every {@code code} that an answer of the API may have: stable, for programs. */
enum ErrorCode {
  BAD_REQUEST(400, "a parameter, a header or the head of the request is not valid"),
  UNKNOWN_PARAMETER(400, "a query parameter that this endpoint does not read"),
  INVALID_JSON(400, "the body is no JSON object, has a key twice, or is nested too deeply"),
  UNKNOWN_FIELD(400, "a field that the body does not have; `details.path` says which"),
  INVALID_FIELD(400, "a field has another form than it must; `details.path` says which"),
  MISSING_FIELD(400, "a field that is needed; `details.path` says which"),
  NOT_SUPPORTED_YET(400, "a later version does it; `details.path` says what"),
  INVALID_OBJECT(400, "what would be made is not valid; `details.reason` says why"),
  IDEMPOTENCY_KEY_REQUIRED(400, "the header Idempotency-Key is needed"),
  IDEMPOTENCY_KEY_INVALID(400, "1 to 255 bytes of visible ASCII, once"),
  EMPTY_BODY(400, "a delivery without a body"),
  INVALID_PAYLOAD(400, "a delivery that is no work item; the message says why"),
  UNAUTHORIZED(401, "no token, or one that nobody knows"),
  FORBIDDEN(403, "the token may read, and change nothing"),
  INVALID_SIGNATURE(401, "a delivery whose signature does not verify"),
  FOREIGN_HOST(403, "local mode serves its own host alone"),
  FOREIGN_ORIGIN(403, "local mode serves pages of its own alone"),
  POLICY_DENIED(403, "what is asked for is not allowed; `details.reason` says why"),
  NOT_FOUND(404, "there is no such thing here, or not for you"),
  REFERENCE_NOT_FOUND(404, "an object that the body names is not there; `details` says which"),
  METHOD_NOT_ALLOWED(405, "this path does not take this method; `Allow` says which"),
  TIMEOUT(408, "the body did not arrive in time"),
  ALREADY_EXISTS(409, "an object of that name is there; `mode=apply` or `If-Match` updates it"),
  AGENT_RUN_EXISTS(409, "a run with this idempotency key is active; `details` says which"),
  IDEMPOTENCY_IN_PROGRESS(409, "the same request is being done; ask again, with the same key"),
  IDEMPOTENCY_KEY_CONFLICT(409, "the key is taken; take a new one"),
  CONFLICT(409, "the object was changed meanwhile; ask again"),
  PRECONDITION_FAILED(412, "the object is not the one that `If-Match` names"),
  TOO_LARGE(413, "the body is larger than 1 MiB, that of a delivery than 5 MiB"),
  URI_TOO_LONG(414, "the address is too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "a body of this type or encoding is not taken"),
  IDEMPOTENCY_KEY_REUSED(422, "the key is another request's; take a new one"),
  REJECTED(422, "the other side said no for good; `details.reason` says why"),
  RATE_LIMITED(429, "too many deliveries from one address; `Retry-After` says when"),
  HEADERS_TOO_LARGE(431, "the headers are too large"),
  INTERNAL_ERROR(500, "a fault of ours; the log has it under `requestId`"),
  KUBERNETES_UNAVAILABLE(502, "the API server did not answer, or does not let us; ask again"),
  UNAVAILABLE(503, "the database does not answer, or the process starts or stops; ask again"),
  BUSY(503, "too much at once; ask again"),
  QUEUE_FULL(503, "too many deliveries wait; ask again");

  private static final int RETRY_SECONDS = 5;

  private final int status;
  private final String meaning;

  ErrorCode(int status, String meaning) {
    this.status = status;
    this.meaning = meaning;
  }

  int status() {
    return status;
  }

  /** What the documentation says of it. */
  String meaning() {
    return meaning;
  }

  /** As answers spell it. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  Refused refuse(String message) {
    return refuse(message, Map.of());
  }

  /**
   * @param details what a program reads of it
   */
  Refused refuse(String message, Map<String, ?> details) {
    int retryAfter = status == 502 ? RETRY_SECONDS : 0;
    return new Refused(status, code(), message, retryAfter, details);
  }

  /** About a field of the body. */
  Refused at(String path, String message) {
    return refuse(message, Map.of("path", path));
  }
}

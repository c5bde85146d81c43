package ai.proompteng.jangar.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.mockwebserver.http.MockResponse;

/** How the API server says no: an object of kind Status. */
final class ApiFailure {
  private ApiFailure() {}

  /** A response with that code and reason. */
  static MockResponse response(int code, String reason, String message) {
    return new MockResponse().setResponseCode(code).setBody(body(code, reason, message));
  }

  /** The body alone. */
  static String body(int code, String reason, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", "Failure")
        .put("reason", reason)
        .put("message", message)
        .put("code", code)
        .toString();
  }

  /** The reason that goes with a code. */
  static String reason(int code, boolean creating) {
    return switch (code) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 405 -> "MethodNotAllowed";
      case 409 -> creating ? "AlreadyExists" : "Conflict";
      case 413 -> "RequestEntityTooLarge";
      case 415 -> "UnsupportedMediaType";
      case 422 -> "Invalid";
      default -> "InternalError";
    };
  }
}

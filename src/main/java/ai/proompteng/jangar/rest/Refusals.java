package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** What the server itself refuses, in the words of {@link Envelope}. */
final class Refusals {
  static final Refused BUSY = new Refused(503, "busy", "too much at once, try again", 1);

  private static final Map<Integer, Refused> BY_STATUS =
      Map.ofEntries(
          entry(400, "bad_request", "the request is malformed"),
          entry(404, "not_found", "there is nothing at this path"),
          entry(405, "method_not_allowed", "this path does not take this method"),
          entry(406, "not_acceptable", "no such representation"),
          entry(408, "timeout", "the body did not arrive in time"),
          entry(413, "too_large", "the body is too large"),
          entry(414, "uri_too_long", "the address is too long"),
          entry(415, "unsupported_media_type", "bodies of this type are not taken"),
          entry(431, "headers_too_large", "the headers are too large"),
          entry(500, "internal_error", "something went wrong"));

  private Refusals() {}

  static Refused of(int status) {
    return status == 503
        ? new Refused(503, "unavailable", "not now, try again", 5)
        : BY_STATUS.get(status);
  }

  static void write(RoutingContext context, Refused refused) {
    write(context.request(), refused);
  }

  static void write(HttpServerRequest request, Refused refused) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var envelope =
        Envelope.error(
            refused.status(),
            refused.code(),
            refused.getMessage(),
            refused.details(),
            RequestIds.of(request),
            request.getHeader("Accept"));
    response
        .setStatusCode(refused.status())
        .putHeader("Content-Type", envelope.contentType())
        .putHeader("Cache-Control", "no-store");
    if (refused.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    if (refused.retryAfterSeconds() > 0) {
      response.putHeader("Retry-After", String.valueOf(refused.retryAfterSeconds()));
    }
    response.end(Buffer.buffer(envelope.body()));
  }

  private static Map.Entry<Integer, Refused> entry(int status, String code, String message) {
    return Map.entry(status, new Refused(status, code, message));
  }
}

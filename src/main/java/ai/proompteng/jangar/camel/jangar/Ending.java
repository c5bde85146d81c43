package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Conflict;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;

/** How an exchange ended, by the kinds of its failures, never by their words. */
enum Ending {
  WELL,
  /** Nobody answered, or asked us to come back. */
  UNANSWERED,
  /** Somebody answered, with a no. */
  REFUSED,
  /** Anything else: a bug, here or in the route. */
  BROKEN;

  private static final int FORBIDDEN = 403;
  private static final int TIMEOUT = 408;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;

  static Ending of(Exchange exchange) {
    var failure = exchange.getException();
    if (failure == null) {
      return exchange.isRollbackOnly() ? UNANSWERED : WELL;
    }
    if (has(failure, Unreachable.class) || has(failure, Conflict.class)) {
      return UNANSWERED;
    }
    if (has(failure, Rejected.class)) {
      return REFUSED;
    }
    var http = ObjectHelper.getException(HttpOperationFailedException.class, failure);
    if (http != null) {
      return isNo(http.getStatusCode()) && !isLimit(http) ? REFUSED : UNANSWERED;
    }
    return BROKEN;
  }

  /** What the failure says, for people. */
  static String message(Exchange exchange) {
    var failure = exchange.getException();
    if (failure == null) {
      return "rolled back";
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private static boolean isNo(int status) {
    return status >= 400
        && status < 500
        && status != TIMEOUT
        && status != TOO_EARLY
        && status != TOO_MANY;
  }

  /** GitHub says 403 where others say 429, and when to come back. */
  private static boolean isLimit(HttpOperationFailedException http) {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    if (http.getResponseHeaders() != null) {
      headers.putAll(http.getResponseHeaders());
    }
    return http.getStatusCode() == FORBIDDEN
        && (headers.containsKey("Retry-After") || "0".equals(headers.get("X-RateLimit-Remaining")));
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    return ObjectHelper.getException(type, failure) != null;
  }
}

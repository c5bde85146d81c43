package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.store.Denial;
import ai.proompteng.jangar.store.Denials;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who comes to {@code /v1}, but for webhooks, which are signed: the shipped ones, and an operator's
 * own below {@code /v1/hooks/}. Every denial has its audit row; who is denied too often is told to
 * slow down instead.
 */
public final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final Set<String> READS = Set.of("GET", "HEAD");
  private static final String API = "/v1/";
  private static final String HOOKS = "/v1/hooks/";
  private static final int DENIALS_PER_SECOND = 10;
  private static final int DENIALS_AT_ONCE = 50;
  private static final Refused UNKNOWN =
      ErrorCode.UNAUTHORIZED.refuse("a bearer token that is known here is needed");
  private static final Refused READER =
      ErrorCode.FORBIDDEN.refuse("this token may read, and change nothing");
  static final Refused TOO_OFTEN =
      new Refused(429, "rate_limited", "too many requests were denied, try again", 1);

  private final Access access;
  private final Denials denials;
  private final RateLimit rate;

  public Gate(Access access, Denials denials, Clock clock) {
    this.access = access;
    this.denials = denials;
    this.rate = new RateLimit(DENIALS_PER_SECOND, DENIALS_AT_ONCE, 1, clock);
  }

  /** True for what it looks at. */
  static boolean guards(String path, boolean webhook) {
    return path.startsWith(API) && !webhook && !path.startsWith(HOOKS);
  }

  /** Why the request is turned away; empty when it is not. Reads and writes nothing. */
  Optional<Refused> refusal(HttpServerRequest request) {
    var caller = access.caller(request.getHeader("Authorization"));
    if (caller.isEmpty()) {
      return Optional.of(UNKNOWN);
    }
    return READS.contains(request.method().name()) || caller.get().writes()
        ? Optional.empty()
        : Optional.of(READER);
  }

  /** False when too many are denied: {@link #TOO_OFTEN} is the answer then. */
  boolean mayReport() {
    return rate.admits("");
  }

  /** Writes the denial down, which waits for the database. */
  void report(HttpServerRequest request, Refused why) {
    report(denial(request, why.code(), null));
  }

  /** The caller, whose further steps are looked at, too. The request has passed this gate. */
  void attach(Exchange exchange, String authorization) {
    if (Caller.known(exchange)) {
      return;
    }
    var caller = access.caller(authorization).orElseThrow(() -> UNKNOWN);
    var request = exchange.getMessage(HttpMessage.class).getRequest();
    caller
        .reporting(
            namespace -> {
              if (!mayReport()) {
                throw TOO_OFTEN;
              }
              report(denial(request, "not_found", namespace));
            })
        .attach(exchange);
  }

  private void report(Denial denial) {
    LOG.atWarn()
        .addKeyValue("reason", denial.code())
        .addKeyValue("principal", denial.principal())
        .addKeyValue("namespace", denial.namespace())
        .addKeyValue("path", denial.path())
        .addKeyValue("requestId", denial.requestId())
        .log("A request was denied");
    try {
      denials.add(denial);
    } catch (RuntimeException e) { // denied it is all the same
      LOG.atWarn().setCause(e).log("A denial has no audit row");
    }
  }

  private Denial denial(HttpServerRequest request, String code, String namespace) {
    return new Denial(
        code,
        access.caller(request.getHeader("Authorization")).map(Caller::principal).orElse(null),
        namespace,
        request.method().name(),
        request.path(),
        request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
        RequestIds.of(request));
  }
}

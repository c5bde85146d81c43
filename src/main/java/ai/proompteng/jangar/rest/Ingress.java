package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.telemetry.Meters;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What every request passes first (integrations-and-helm.md 3.2, 1 to 8): who may come in, which
 * method and type, how fast, how much; then the body is read whole and given on as it came.
 */
final class Ingress implements Handler<RoutingContext> {
  static final String WEBHOOKS = "/implementation-sources/webhooks/";
  private static final Refused TOO_FAST =
      new Refused(429, "rate_limited", "too many requests, try again", 1);
  private static final Refused EMPTY = new Refused(400, "empty_body", "the body is empty");

  private final Router router;
  private final HttpLimits limits;
  private final AllowedHeaders headers;
  private final Optional<LoopbackGuard> guard;
  private final Gate gate;
  private final BooleanSupplier serving;
  private final RateLimit rate;
  private final Bodies bodies;
  private final HttpMeters meters;
  private final AtomicInteger inFlight = new AtomicInteger();

  Ingress(
      Router router,
      HttpLimits limits,
      AllowedHeaders headers,
      Optional<LoopbackGuard> guard,
      Gate gate,
      Meters meters,
      Clock clock,
      BooleanSupplier serving) {
    this.router = router;
    this.limits = limits;
    this.headers = headers;
    this.guard = guard;
    this.gate = gate;
    this.serving = serving;
    this.meters = new HttpMeters(meters);
    this.rate =
        new RateLimit(limits.webhooksPerSecond(), limits.webhookBurst(), limits.addresses(), clock);
    this.bodies = new Bodies(limits.bodyTimeout(), limits.bodyBytesInFlight());
  }

  @Override
  public void handle(RoutingContext context) {
    var request = context.request();
    context.response().putHeader("Cache-Control", "no-store");
    context.response().putHeader("X-Content-Type-Options", "nosniff");
    var webhook = context.normalizedPath().contains(WEBHOOKS);
    long began = System.nanoTime();
    context.addEndHandler(ended -> answered(context, webhook, System.nanoTime() - began));
    var refused = refusal(context, webhook);
    if (refused.isPresent()) {
      refuse(context, refused.get());
      return;
    }
    if (Gate.guards(context.normalizedPath(), webhook)) {
      var unwelcome = gate.refusal(request);
      if (unwelcome.isPresent()) {
        deny(context, unwelcome.get());
        return;
      }
    }
    inFlight.incrementAndGet();
    context.addEndHandler(ended -> inFlight.decrementAndGet());
    int limit = webhook ? limits.webhookBodyBytes() : limits.otherBodyBytes();
    bodies.read(
        context,
        limit,
        body -> {
          if (webhook && body.length() == 0) {
            refuse(context, EMPTY);
          } else {
            enter(context, request, body);
          }
        },
        tooMuch -> refuse(context, tooMuch));
  }

  private void answered(RoutingContext context, boolean webhook, long nanos) {
    var request = context.request();
    int status = context.response().getStatusCode();
    var route = templates(request.path(), context.normalizedPath()).map(Route::getPath).findFirst();
    meters.answered(request.method().name(), route, status, nanos);
    if (webhook) {
      meters.webhook(request.path(), status, nanos);
    }
  }

  private Optional<Refused> refusal(RoutingContext context, boolean webhook) {
    var request = context.request();
    if (!serving.getAsBoolean()) {
      return Optional.of(Refusals.of(503));
    }
    var foreign = guard.flatMap(door -> foreign(door, request, webhook));
    if (foreign.isPresent()) {
      return foreign;
    }
    var methods = methodsAt(request.path(), context.normalizedPath());
    if (methods.isEmpty()) {
      return Optional.of(Refusals.of(404));
    }
    if (!methods.contains(request.method().name())) {
      context.response().putHeader("Allow", String.join(", ", methods));
      return Optional.of(Refusals.of(405));
    }
    if (!takes(request, webhook)) {
      return Optional.of(Refusals.of(415));
    }
    var probe = request.path().equals(HttpDoor.HEALTH); // who is busy is not dead
    if (!probe && inFlight.get() >= limits.requestsInFlight()) {
      return Optional.of(Refusals.BUSY);
    }
    return webhook && !rate.admits(String.valueOf(request.remoteAddress().hostAddress()))
        ? Optional.of(TOO_FAST)
        : Optional.empty();
  }

  private static Optional<Refused> foreign(
      LoopbackGuard guard, HttpServerRequest request, boolean webhook) {
    return guard.refusal(
        request.localAddress().port(),
        request.method().name(),
        webhook,
        request.getHeader("Host"),
        request.getHeader("Origin"),
        request.getHeader("Authorization"));
  }

  /** Types of a webhook are JSON and GitHub's form; elsewhere only what nobody may read is out. */
  private static boolean takes(HttpServerRequest request, boolean webhook) {
    if (request.getHeader("Content-Encoding") != null) {
      return false;
    }
    var header = request.getHeader("Content-Type");
    var type = header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (webhook) {
      return type.equals(Envelope.JSON)
          || type.matches("[a-z0-9.-]+/[a-z0-9.-]+\\+json")
          || type.equals(AllowedHeaders.RAW_FORM);
    }
    return !type.startsWith("multipart/") && !type.equals("application/x-java-serialized-object");
  }

  /** The methods of all routes that stand at this path. */
  private Set<String> methodsAt(String path, String normalized) {
    var methods = new TreeSet<String>();
    templates(path, normalized)
        .forEach(route -> methodsOf(route).forEach(method -> methods.add(method.name())));
    return methods;
  }

  /** All routes that stand at this path; a path not in normal form has none. */
  private Stream<Route> templates(String path, String normalized) {
    return path == null || !path.equals(normalized)
        ? Stream.empty()
        : router.getRoutes().stream()
            .filter(route -> route.getPath() != null && Paths.match(route.getPath(), path));
  }

  private static Iterable<HttpMethod> methodsOf(Route route) {
    return route.methods() == null || route.methods().isEmpty()
        ? List.of(
            HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)
        : route.methods();
  }

  private void enter(RoutingContext context, HttpServerRequest request, Buffer body) {
    var id = RequestIds.of(request);
    for (var name : Set.copyOf(request.headers().names())) {
      if (!headers.has(name)) {
        request.headers().remove(name);
      }
    }
    request.headers().set(AllowedHeaders.REQUEST_ID, id);
    ((RoutingContextInternal) context).setBody(body);
    context.next();
  }

  /** The audit is written first, off the event loop; the body is not waited for. */
  private void deny(RoutingContext context, Refused refused) {
    bodies.discard(context);
    if (!gate.mayReport()) {
      Refusals.write(context, Gate.TOO_OFTEN);
      return;
    }
    context
        .vertx()
        .executeBlocking(Executors.callable(() -> gate.report(context.request(), refused)), false)
        .onComplete(done -> Refusals.write(context, refused));
  }

  private void refuse(RoutingContext context, Refused refused) {
    bodies.discard(context);
    Refusals.write(context, refused);
  }
}

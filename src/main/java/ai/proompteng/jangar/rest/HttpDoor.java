package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.telemetry.Meters;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * The one HTTP port. Camel's {@code platform-http} routes stand behind {@link Ingress}, which reads
 * bodies within limits and gives them on byte for byte. Attach it before the context starts, and
 * listen once the routes are loaded: a caller that gets in finds them all.
 */
public final class HttpDoor implements AutoCloseable {
  /** Where liveness is asked for. */
  static final String HEALTH = "/health";

  private static final long PATIENCE_SECONDS = 10;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int MAX_LINE_BYTES = 8 << 10;
  private static final List<Integer> ANSWERED_BY_THE_SERVER =
      List.of(400, 404, 405, 406, 413, 415, 500, 503);

  private final String host;
  private final int port;
  private final HttpLimits limits;
  private final AllowedHeaders headers;
  private final Optional<LoopbackGuard> guard;
  private final Gate gate;
  private final OncePerKey once;
  private final Liveness liveness;
  private final Meters meters;
  private final Clock clock;
  private final Vertx vertx;
  private HttpServer server;
  private Router router;

  /**
   * @param port 0 takes a free one, which {@link #port()} then says
   * @param guard of local mode; empty in a cluster
   * @param gate who may come to {@code /v1}
   * @param once before every route
   * @param liveness what {@code /health} answers
   * @param meters where requests are counted
   */
  public HttpDoor(
      String host,
      int port,
      HttpLimits limits,
      AllowedHeaders headers,
      Optional<LoopbackGuard> guard,
      Gate gate,
      OncePerKey once,
      Liveness liveness,
      Meters meters,
      Clock clock) {
    this.host = host;
    this.port = port;
    this.limits = limits;
    this.headers = headers;
    this.guard = guard;
    this.gate = gate;
    this.once = once;
    this.liveness = liveness;
    this.meters = meters;
    this.clock = clock;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setWorkerPoolSize(limits.workers())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
  }

  /** Gives the context its HTTP engine. Before the context starts. */
  public void attach(CamelContext context) {
    router = Router.router(vertx);
    router
        .route()
        .order(Integer.MIN_VALUE)
        .handler(
            new Ingress(router, limits, headers, guard, gate, meters, clock, context::isStarted));
    router.get(HEALTH).handler(liveness::answer);
    liveness.begin(vertx);
    for (int status : ANSWERED_BY_THE_SERVER) {
      router.errorHandler(status, failed -> Refusals.write(failed, Refusals.of(status)));
    }
    var name = VertxPlatformHttpRouter.getRouterNameFromPort(port);
    context.getRegistry().bind(name, new RawRouter(vertx, router, name));
    var engine = new Engine();
    engine.setCamelContext(context);
    context
        .getRegistry()
        .bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, PlatformHttpEngine.class, engine);
  }

  /**
   * Opens the port.
   *
   * @throws IllegalStateException when it cannot be had
   */
  public void listen() {
    var options =
        new HttpServerOptions()
            .setIdleTimeout((int) limits.idle().toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setUseAlpn(false)
            .setHttp2ClearTextEnabled(false)
            .setDecompressionSupported(false);
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(new Connections(limits.connections()))
            .invalidRequestHandler(HttpDoor::invalid)
            .requestHandler(this::handle);
    await(server.listen(port, host), "cannot listen on " + host + ":" + port);
  }

  /** The port that is listened on. */
  public int port() {
    return server == null ? port : server.actualPort();
  }

  /** Closes the port and all connections. */
  @Override
  public void close() {
    await(vertx.close(), "the HTTP server does not stop");
  }

  /** A form's content type is renamed first of all: whatever knows it would parse the body away. */
  private void handle(HttpServerRequest request) {
    var type = request.getHeader("Content-Type");
    var known = type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
    if (known.startsWith(AllowedHeaders.FORM)) {
      request.headers().set("Content-Type", AllowedHeaders.RAW_FORM);
    } else if (known.startsWith(AllowedHeaders.RAW_FORM)) {
      request.headers().set("Content-Type", "application/octet-stream"); // the name is ours alone
    }
    router.handle(request);
  }

  /** What is no HTTP at all, or too long in its head. */
  private static void invalid(HttpServerRequest request) {
    var cause = request.decoderResult().cause();
    var refused =
        cause instanceof TooLongHttpLineException
            ? Refusals.of(414)
            : cause instanceof TooLongHttpHeaderException ? Refusals.of(431) : Refusals.of(400);
    Refusals.write(request, refused);
    request.connection().close(); // what comes next on it cannot be told apart
  }

  private static void await(Future<?> done, String otherwise) {
    try {
      done.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(otherwise, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(otherwise, e);
    }
  }

  /**
   * Says the port that was asked for, by which consumers find their router; what they do is done
   * once for a key.
   */
  private final class Engine extends VertxPlatformHttpEngine {
    @Override
    public int getServerPort() {
      return port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor route) {
      return super.createConsumer(endpoint, once.around(endpoint.getPath(), route));
    }
  }

  /** Leaves bodies alone: {@link Ingress} has read them. */
  private static final class RawRouter extends VertxPlatformHttpRouter {
    RawRouter(Vertx vertx, Router router, String name) {
      super(null, vertx, router, name);
    }

    @Override
    public Handler<RoutingContext> bodyHandler() {
      return RoutingContext::next;
    }
  }
}

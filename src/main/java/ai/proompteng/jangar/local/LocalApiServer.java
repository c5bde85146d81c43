package ai.proompteng.jangar.local;

import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * The embedded API server: HTTPS on loopback. Wants the start's token on every request and refuses
 * a foreign Host or Origin, since it can start processes (decision 11).
 */
final class LocalApiServer implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 4 << 20;
  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final HttpServer server;
  private final byte[] authorization;
  private final ApiRequests requests;

  private LocalApiServer(Vertx vertx, HttpServer server, String token, ApiRequests requests) {
    this.vertx = vertx;
    this.server = server;
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    this.requests = requests;
  }

  /**
   * Starts it on a free port.
   *
   * @param requests answers what comes through
   */
  static LocalApiServer start(Certificate certificate, String token, ApiRequests requests) {
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4));
    var options =
        new HttpServerOptions()
            .setHost(LOOPBACK)
            .setPort(0)
            .setSsl(true)
            .setUseAlpn(false)
            .setMaxInitialLineLength(1 << 14)
            .setMaxWebSocketFrameSize(MAX_BODY_BYTES)
            .setWebSocketSubProtocols(List.of("v4.channel.k8s.io"))
            .setKeyCertOptions(
                new PfxOptions()
                    .setPath(certificate.keyStore().toString())
                    .setPassword(certificate.password()));
    var server = vertx.createHttpServer(options);
    var api = new LocalApiServer(vertx, server, token, requests);
    server.requestHandler(api::handle);
    api.await(server.listen());
    return api;
  }

  /** {@code https://127.0.0.1:<port>}. */
  String url() {
    return "https://" + LOOPBACK + ":" + server.actualPort();
  }

  @Override
  public void close() {
    requests.close();
    await(vertx.close());
  }

  private void handle(HttpServerRequest request) {
    if (!local(request)) {
      refuse(request, 403, "a foreign Host or Origin");
    } else if (!authorized(request)) {
      refuse(request, 401, "the token of this start is in the local folder's kubeconfig");
    } else if (length(request) > MAX_BODY_BYTES) {
      refuse(request, 413, "the body is larger than " + MAX_BODY_BYTES + " bytes");
    } else if (request.headers().contains("Upgrade")) {
      requests.answer(vertx, request, recorded(request, new byte[0]));
    } else {
      read(request);
    }
  }

  private void read(HttpServerRequest request) {
    var body = io.vertx.core.buffer.Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY_BYTES) {
            request.connection().close();
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(any -> requests.answer(vertx, request, recorded(request, body.getBytes())));
  }

  private boolean local(HttpServerRequest request) {
    var hosts = Set.of(LOOPBACK + ":" + server.actualPort(), "localhost:" + server.actualPort());
    var host = request.getHeader("Host");
    var origin = request.getHeader("Origin");
    return host != null
        && hosts.contains(host.toLowerCase(Locale.ROOT))
        && (origin == null || hosts.contains(origin.replaceFirst("^https://", "")));
  }

  private boolean authorized(HttpServerRequest request) {
    var given = request.getHeader("Authorization");
    return given != null
        && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization);
  }

  private static long length(HttpServerRequest request) {
    var length = request.getHeader("Content-Length");
    return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
  }

  private static void refuse(HttpServerRequest request, int code, String why) {
    request
        .response()
        .setStatusCode(code)
        .putHeader("Content-Type", "application/json")
        .end(ApiFailure.body(code, ApiFailure.reason(code, false), why));
  }

  private static RecordedRequest recorded(HttpServerRequest request, byte[] body) {
    return new RecordedRequest(
        "HTTP/1.1",
        HttpMethod.fromVertx(request.method()),
        request.uri(),
        Headers.builder().addAll(request.headers()).build(),
        new Buffer(body));
  }

  private <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw new IllegalStateException("the embedded API server", failed.getCause());
    }
  }
}

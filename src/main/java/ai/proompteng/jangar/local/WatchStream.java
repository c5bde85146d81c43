package ai.proompteng.jangar.local;

import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.WebSocket;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.util.function.Function;

/**
 * One watch: what the CRUD dispatcher says to a WebSocket goes to one, or to a chunked response,
 * which is what kubectl asks for. Never waits; a client that does not read is cut off.
 */
final class WatchStream implements WebSocket {
  private static final int MAX_UNREAD_BYTES = 8 << 20;
  private static final int NORMAL_CLOSURE = 1000;

  private final RecordedRequest request;
  private final Function<String, String> view;
  private final HttpServerResponse response;
  private final ServerWebSocket socket;

  private WatchStream(
      RecordedRequest request,
      Function<String, String> view,
      HttpServerResponse response,
      ServerWebSocket socket) {
    this.request = request;
    this.view = view;
    this.response = response;
    this.socket = socket;
  }

  /** Answers with a WebSocket. */
  static void upgrade(
      Vertx vertx, HttpServerRequest http, RecordedRequest request, MockResponse watch) {
    http.toWebSocket()
        .onSuccess(
            socket -> {
              socket.setWriteQueueMaxSize(MAX_UNREAD_BYTES);
              var stream = new WatchStream(request, Function.identity(), null, socket);
              socket.closeHandler(any -> closed(vertx, watch, stream));
              watch.getWebSocketListener().onOpen(stream, watch);
            })
        .onFailure(failed -> http.response().setStatusCode(400).end());
  }

  /**
   * Answers with a line an event.
   *
   * @param view what becomes of an event; null when it is left out
   */
  static void lines(
      Vertx vertx,
      HttpServerRequest http,
      RecordedRequest request,
      MockResponse watch,
      Function<String, String> view) {
    var response = http.response().setChunked(true).setWriteQueueMaxSize(MAX_UNREAD_BYTES);
    response.putHeader("Content-Type", "application/json");
    var stream = new WatchStream(request, view, response, null);
    response.closeHandler(any -> closed(vertx, watch, stream));
    response.write(""); // the head, now
    watch.getWebSocketListener().onOpen(stream, watch);
  }

  // the listener waits for its own thread, which is not for the event loop to do
  private static void closed(Vertx vertx, MockResponse watch, WatchStream stream) {
    vertx.executeBlocking(
        () -> {
          watch.getWebSocketListener().onClosed(stream, NORMAL_CLOSURE, "");
          return null;
        },
        false);
  }

  @Override
  public RecordedRequest request() {
    return request;
  }

  @Override
  public boolean send(String event) {
    var seen = view.apply(event);
    if (seen == null) {
      return true;
    }
    if (socket != null) {
      if (socket.writeQueueFull()) {
        return close(NORMAL_CLOSURE, "too slow");
      }
      socket.writeTextMessage(seen);
    } else {
      if (response.writeQueueFull()) {
        return close(NORMAL_CLOSURE, "too slow");
      }
      response.write(seen + "\n");
    }
    return true;
  }

  @Override
  public boolean send(byte[] bytes) {
    return send(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public boolean close(int code, String reason) {
    if (socket != null) {
      socket.close((short) code, reason);
    } else if (!response.ended() && !response.closed()) {
      response.end();
    }
    return true;
  }
}

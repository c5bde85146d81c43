package ai.proompteng.jangar.rest;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;

/** Closes a connection at once when as many are open as may be. */
final class Connections implements Handler<HttpConnection> {
  private final int max;
  private final AtomicInteger open = new AtomicInteger();

  Connections(int max) {
    this.max = max;
  }

  @Override
  public void handle(HttpConnection connection) {
    connection.closeHandler(closed -> open.decrementAndGet());
    if (open.incrementAndGet() > max) {
      connection.close();
    }
  }
}

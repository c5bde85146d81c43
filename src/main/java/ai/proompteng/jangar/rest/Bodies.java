package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Reads bodies whole, counting as they stream in: one that is too large, too slow, or one too many
 * is refused before it is held. Whatever is held is counted until its request has ended.
 */
final class Bodies {
  private static final long LINGER_BYTES = 64L << 20;
  private static final long LINGER_MILLIS = 5_000;

  private final Duration timeout;
  private final long maxHeld;
  private final AtomicLong held = new AtomicLong();

  Bodies(Duration timeout, long maxHeld) {
    this.timeout = timeout;
    this.maxHeld = maxHeld;
  }

  /** Calls one of the two, once, in the event loop. */
  void read(RoutingContext context, int limit, Consumer<Buffer> whole, Consumer<Refused> refused) {
    var request = context.request();
    var length = request.getHeader("Content-Length");
    if (length == null && request.getHeader("Transfer-Encoding") == null) {
      whole.accept(Buffer.buffer());
      return;
    }
    if (length != null && !fits(length, limit)) {
      refused.accept(Refusals.of(413));
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    new Reading(context, limit, whole, refused).start();
  }

  /**
   * Takes in and forgets what is still to come, for a while, so that the sender hears the answer.
   */
  void discard(RoutingContext context) {
    var request = context.request();
    if (request.isEnded()) {
      return;
    }
    var seen = new AtomicLong();
    long timer = context.vertx().setTimer(LINGER_MILLIS, late -> request.connection().close());
    request.exceptionHandler(gone -> context.vertx().cancelTimer(timer));
    request.endHandler(end -> context.vertx().cancelTimer(timer));
    request.handler(
        chunk -> {
          if (seen.addAndGet(chunk.length()) > LINGER_BYTES) {
            request.connection().close();
          }
        });
    request.resume();
  }

  private static boolean fits(String length, int limit) {
    // the server has refused what is no number; one too long for a long is too large
    return length.length() < 19 && Long.parseLong(length) <= limit;
  }

  private final class Reading {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final Vertx vertx;
    private final int limit;
    private final Consumer<Buffer> whole;
    private final Consumer<Refused> refused;
    private final Buffer body = Buffer.buffer();
    private long timer;
    private long mine;
    private boolean over;

    Reading(RoutingContext context, int limit, Consumer<Buffer> whole, Consumer<Refused> refused) {
      this.context = context;
      this.request = context.request();
      this.vertx = context.vertx();
      this.limit = limit;
      this.whole = whole;
      this.refused = refused;
    }

    void start() {
      context.addEndHandler(ended -> release());
      timer = vertx.setTimer(timeout.toMillis(), late -> end(Refusals.of(408)));
      request.exceptionHandler(gone -> forget());
      request.handler(this::more);
      request.endHandler(
          end -> {
            if (forget()) {
              whole.accept(body);
            }
          });
    }

    private void more(Buffer chunk) {
      if (over) {
        return;
      }
      if (body.length() + chunk.length() > limit) {
        end(Refusals.of(413));
        return;
      }
      mine += chunk.length();
      if (held.addAndGet(chunk.length()) > maxHeld) {
        end(Refusals.BUSY);
        return;
      }
      body.appendBuffer(chunk);
    }

    private void end(Refused why) {
      if (forget()) {
        refused.accept(why);
      }
    }

    /** True the first time: nothing more is awaited. */
    private boolean forget() {
      boolean first = !over;
      over = true;
      vertx.cancelTimer(timer);
      return first;
    }

    private void release() {
      held.addAndGet(-mine);
      mine = 0;
    }
  }
}

package ai.proompteng.jangar.rest;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether this process should go on (orchestration-and-api.md 8.2): it lives while its event loop
 * turns and the loop that seeks the lead does. Nothing outside is asked, and no thread of the pool:
 * a database that hangs must not look like a dead process.
 */
public final class Liveness {
  private static final long BEAT_MILLIS = 1_000;
  private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();

  private final BooleanSupplier leaderBeats;
  private final Supplier<Map<String, Object>> agentsController;
  private volatile long beat = System.nanoTime();

  /**
   * @param leaderBeats false once the loop that seeks the lead stands still
   * @param agentsController what is told of it; quick, and without I/O
   */
  public Liveness(BooleanSupplier leaderBeats, Supplier<Map<String, Object>> agentsController) {
    this.leaderBeats = leaderBeats;
    this.agentsController = agentsController;
  }

  /** The event loop beats from now on. */
  void begin(Vertx vertx) {
    beat = System.nanoTime();
    vertx.setPeriodic(BEAT_MILLIS, any -> beat = System.nanoTime());
  }

  /** Answers {@code /health}, in the event loop itself. */
  void answer(RoutingContext request) {
    boolean lives = System.nanoTime() - beat < LONGEST_PAUSE && leaderBeats.getAsBoolean();
    var body = new LinkedHashMap<String, Object>();
    body.put("status", lives ? "ok" : "failed");
    body.put("service", "jangar");
    body.put("agentsController", agentsController.get());
    request
        .response()
        .setStatusCode(lives ? 200 : 503)
        .putHeader("Content-Type", Envelope.JSON)
        .end(io.vertx.core.buffer.Buffer.buffer(Envelope.json(body)));
  }
}

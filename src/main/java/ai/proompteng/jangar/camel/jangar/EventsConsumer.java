package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.store.Bell;
import ai.proompteng.jangar.store.OutboxRow;
import ai.proompteng.jangar.store.PostgresOutbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.util.StopWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened, to one subscription: at least once, each object's events in order. A failure holds
 * back that object in that subscription, and nothing else.
 */
final class EventsConsumer extends RowConsumer<OutboxRow> {
  private static final Logger LOG = LoggerFactory.getLogger(EventsConsumer.class);
  private static final Duration SEEN_AGAIN = Duration.ofHours(1);

  private final JangarEndpoint endpoint;
  private final PostgresOutbox outbox;
  private StopWatch seen;

  EventsConsumer(JangarEndpoint endpoint, Processor processor) {
    super(endpoint, processor, Bell.Channel.EVENTS);
    this.endpoint = endpoint;
    this.outbox = endpoint.getComponent().getOutbox();
  }

  /** Registers before the first look, whatever happened at the start, and stays seen. */
  @Override
  void prepare() {
    if (seen == null || seen.taken() > SEEN_AGAIN.toMillis()) {
      outbox.register(subscription(), endpoint.types());
      seen = new StopWatch();
    }
  }

  @Override
  Optional<OutboxRow> claim(List<OutboxRow> atWork) {
    return outbox.claim(subscription(), atWork);
  }

  @Override
  void renew(List<OutboxRow> rows) {
    outbox.renew(rows);
  }

  @Override
  String traceId(OutboxRow row) {
    return row.body().get("traceId") instanceof String id ? id : null;
  }

  @Override
  Object body(OutboxRow row) {
    return row.body();
  }

  @Override
  void settle(OutboxRow row, Exchange exchange) {
    var message = Ending.message(exchange);
    switch (Ending.of(exchange)) {
      case WELL -> outbox.done(row);
      case UNANSWERED -> {
        LOG.atInfo()
            .addKeyValue("subscription", row.subscription())
            .addKeyValue("event", row.body().get("id"))
            .addKeyValue("reason", message)
            .log("An event waits for its next try");
        outbox.retry(row, message);
      }
      case REFUSED -> {
        if (outbox.retryCounted(row, message)) {
          LOG.atError()
              .addKeyValue("subscription", row.subscription())
              .addKeyValue("event", row.body().get("id"))
              .addKeyValue("reason", message)
              .log("An event was refused for the last time; its row is dead");
        } else {
          LOG.atWarn()
              .addKeyValue("subscription", row.subscription())
              .addKeyValue("event", row.body().get("id"))
              .addKeyValue("reason", message)
              .log("An event was refused; it comes again");
        }
      }
      case BROKEN -> {
        // whose fault it is nobody knows: it waits for a route that can take it
        getExceptionHandler()
            .handleException("An event broke its route", exchange, exchange.getException());
        outbox.retry(row, message);
      }
    }
  }

  private String subscription() {
    return endpoint.subscription(getRouteId());
  }
}

package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.store.Bell;
import ai.proompteng.jangar.store.Delivery;
import ai.proompteng.jangar.store.Ledger;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drain: one exchange a {@link Delivery}, whose body at the end is its {@link
 * Delivery.Outcome}. One delivery of an issue at a time, many issues at once.
 */
final class LedgerConsumer extends RowConsumer<Delivery> {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);

  private final Ledger ledger;

  LedgerConsumer(JangarEndpoint endpoint, Processor processor) {
    super(endpoint, processor, Bell.Channel.INTAKE);
    this.ledger = endpoint.getComponent().getLedger();
  }

  @Override
  Optional<Delivery> claim(List<Delivery> atWork) {
    return ledger.claim(atWork);
  }

  @Override
  void renew(List<Delivery> rows) {
    ledger.renew(rows);
  }

  @Override
  String traceId(Delivery delivery) {
    return delivery.item().traceId();
  }

  @Override
  Object body(Delivery delivery) {
    return delivery;
  }

  @Override
  void settle(Delivery delivery, Exchange exchange) {
    var message = Ending.message(exchange);
    switch (Ending.of(exchange)) {
      case WELL -> {
        var said = said(exchange);
        ledger.finish(delivery, said);
        LOG.atInfo()
            .addKeyValue("delivery", delivery.idempotencyKey())
            .addKeyValue("state", said.state())
            .log("A delivery is done");
      }
      case UNANSWERED -> {
        LOG.atInfo()
            .addKeyValue("delivery", delivery.idempotencyKey())
            .addKeyValue("reason", message)
            .log("A delivery waits for its next try");
        ledger.retry(delivery, message);
      }
      case REFUSED -> ledger.finish(delivery, new Delivery.Outcome("failed", message));
      case BROKEN -> {
        getExceptionHandler()
            .handleException("A delivery broke its route", exchange, exchange.getException());
        ledger.retryCounted(delivery, message);
      }
    }
  }

  private static Delivery.Outcome said(Exchange exchange) {
    var outcome = exchange.getMessage().getBody(Delivery.Outcome.class);
    return outcome == null
        ? new Delivery.Outcome("failed", "the drain's route did not say what became of it")
        : outcome;
  }
}

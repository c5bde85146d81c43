package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.core.Key;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Rings the key in the body. Where nobody consumes that kind now, nothing happens. */
final class ReconcileProducer extends DefaultProducer {
  private final ReconcileEndpoint endpoint;

  ReconcileProducer(ReconcileEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    var key = exchange.getMessage().getMandatoryBody(Key.class);
    endpoint.getComponent().ring(endpoint.getPlural(), key);
  }
}

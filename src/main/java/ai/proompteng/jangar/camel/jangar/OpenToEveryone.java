package ai.proompteng.jangar.camel.jangar;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The verifier that verifies nothing: a route over HTTP that names it says in its file that
 * everybody may give it work, under free words as sources.
 */
public final class OpenToEveryone implements Processor {
  @Override
  public void process(Exchange exchange) {
    exchange.setProperty(JangarConstants.OPEN, true);
  }
}

package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.core.Key;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;

/** A reconcile route with a test in the place of the doorbell. */
public final class Rings implements AutoCloseable {
  private static final String BELL = "direct:bell";
  private final CamelContext context = new DefaultCamelContext();

  /** Starts the route of that id alone. */
  public Rings(RouteBuilder routes, String routeId) {
    // failures go to the test, as they go to the work queue
    context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
    Leading.in(context);
    try {
      context.addRoutes(routes);
      AdviceWith.adviceWith(context, routeId, advice -> advice.replaceFromWith(BELL));
      context.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** One pass; its exchange, failed or not. */
  public Exchange ring(String namespace, String name) {
    return context
        .createProducerTemplate()
        .send(BELL, exchange -> exchange.getMessage().setBody(new Key(namespace, name)));
  }

  @Override
  public void close() {
    context.stop();
  }
}

package ai.proompteng.jangar.testing;

import org.apache.camel.CamelContext;
import org.apache.camel.support.RoutePolicySupport;

/** The policy that {@code routePolicy: leader} names, where nobody else could lead. */
public final class Leading extends RoutePolicySupport {
  private Leading() {}

  /** Lets the routes of that context run. */
  public static void in(CamelContext context) {
    context.getRegistry().bind("leader", new Leading());
  }
}

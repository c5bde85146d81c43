package ai.proompteng.jangar.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** {@code routes/policy/refuse-clearly.camel.yaml}. */
class RefuseClearlyTest extends ShippedRoute {
  RefuseClearlyTest() {
    super("policy/refuse-clearly");
  }

  @Override
  protected void bindToRegistry(Registry registry) throws Exception {
    super.bindToRegistry(registry);
    registry.bind("refuseClearly", step("refuseClearly"));
  }

  @Override
  protected RouteBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:in")
            .routeConfigurationId("refuse-clearly")
            .process(
                exchange -> {
                  throw new LinkageError("whatever it is");
                });
      }
    };
  }

  @Test
  void whatever_fails_is_answered_and_no_failure_goes_on() {
    var answered = template.send("direct:in", exchange -> {});

    assertThat(taken).containsExactly("refuseClearly");
    assertThat(answered.getException()).isNull();
    assertThat(answered.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class))
        .hasRootCauseInstanceOf(LinkageError.class);
  }
}

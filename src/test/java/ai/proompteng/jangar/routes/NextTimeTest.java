package ai.proompteng.jangar.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** {@code routes/policy/next-time.camel.yaml}. */
class NextTimeTest extends ShippedRoute {
  NextTimeTest() {
    super("policy/next-time");
  }

  @Override
  protected RouteBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:in")
            .routeConfigurationId("next-time")
            .process(step("tried"))
            .throwException(new IllegalStateException("away"));
      }
    };
  }

  @Test
  void a_failure_is_over_once_it_is_told() {
    assertThat(template.send("direct:in", exchange -> {}).getException()).isNull();

    assertThat(taken).containsExactly("tried");
  }
}

package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.camel.jangar.Unverified;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.store.QueueFull;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** {@code routes/policy/refuse-clearly.camel.yaml}. */
class RefuseClearlyRouteTest {

  @Test
  void every_failure_is_answered_by_its_type() throws Exception {
    var expected =
        Map.of(
            new Refused(400, "invalid_json", "no JSON"), "400 invalid_json null",
            new Refused(503, "not_ready", "not yet", 7), "503 not_ready 7",
            new QueueFull(1000), "503 queue_full 10",
            new Unreachable("no database"), "503 unavailable 5",
            new Rejected(Reason.InvalidPayload, "detail"), "422 rejected null",
            new Unverified("detail"), "500 internal_error null",
            new IllegalStateException("detail"), "500 internal_error null",
            new IllegalArgumentException("wrapped", new Unreachable("x")), "503 unavailable 5");
    try (var context = new DefaultCamelContext()) {
      context.getRegistry().bind("refuseClearly", HttpProcessors.refuseClearly());
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              ResourceHelper.resolveResource(
                  context, "file:routes/policy/refuse-clearly.camel.yaml"));
      context.addRoutes(failing());
      context.start();
      for (var failure : expected.entrySet()) {
        var answer =
            context
                .createFluentProducerTemplate()
                .to("direct:fail")
                .withBody(failure.getKey())
                .withHeader("Secret", "x")
                .send();
        var message = answer.getMessage();
        var body = message.getBody(String.class);
        assertThat(answer.getException()).isNull();
        assertThat(
                message.getHeader(Exchange.HTTP_RESPONSE_CODE)
                    + " "
                    + body.replaceAll(".*\"code\":\"([^\"]*)\".*", "$1")
                    + " "
                    + message.getHeader("Retry-After"))
            .as(failure.getKey().toString())
            .isEqualTo(failure.getValue());
        assertThat(body).startsWith("{\"ok\":false,\"error\":").doesNotContain("detail\"");
        assertThat(message.getHeaders()).doesNotContainKey("Secret");
      }
    }
  }

  private static RouteBuilder failing() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:fail")
            .routeConfigurationId("refuse-clearly")
            .process(
                exchange -> {
                  throw exchange.getMessage().getBody(Exception.class);
                });
      }
    };
  }
}

package ai.proompteng.jangar.routes;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/dispatch/labelled-issue.camel.yaml}: who asks for a run, and how often. */
class LabelledIssueTest extends ShippedRoute {
  private MockEndpoint run;

  LabelledIssueTest() {
    super("policy/ask-again", "dispatch/labelled-issue");
  }

  @Override
  public void configureContext(CamelContextConfiguration configuration) {
    super.configureContext(configuration);
    configuration.withMockEndpointsAndSkip("jangar:run*");
    configuration.replaceRouteFromWith("labelled-issue", "direct:events");
  }

  @Override
  protected void bindToRegistry(Registry registry) throws Exception {
    super.bindToRegistry(registry);
    registry.bind("processedMessages", MemoryIdempotentRepository.memoryIdempotentRepository());
  }

  @BeforeEach
  void listen() {
    run = getMockEndpoint("mock:jangar:run");
  }

  @Test
  void one_arrival_asks_once_and_the_next_once_more() throws Exception {
    run.expectedMessageCount(2);

    happens("1", "bug", "jangar");
    happens("1", "jangar");
    happens("2", "jangar");

    run.assertIsSatisfied();
  }

  @Test
  void another_label_asks_for_nothing() throws Exception {
    run.expectedMessageCount(0);

    happens("1", "bug", "jangar-not");
    happens("1");

    run.assertIsSatisfied();
  }

  @Test
  void what_was_refused_is_asked_again_when_the_event_returns() throws Exception {
    run.expectedMessageCount(2);
    run.whenExchangeReceived(
        1, exchange -> exchange.setException(new Rejected(Reason.InvalidPayload, "no")));

    happens("1", "jangar");
    happens("1", "jangar");
    happens("1", "jangar");

    run.assertIsSatisfied();
  }

  private void happens(String arrival, String... labels) {
    template.send(
        "direct:events",
        exchange ->
            exchange
                .getMessage()
                .setBody(
                    Map.of(
                        "namespace", "agents",
                        "source", Map.of("id", "I_1"),
                        "labels", List.of(labels),
                        "labelSince", Map.of("jangar", arrival))));
  }
}

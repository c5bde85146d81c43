package ai.proompteng.jangar.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** {@code routes/policy/ask-again.camel.yaml}. */
class AskAgainTest extends ShippedRoute {
  private RuntimeException failure;
  private int tries;

  AskAgainTest() {
    super("policy/ask-again");
  }

  @Override
  protected RouteBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:in").routeConfigurationId("ask-again").process(exchange -> fail());
      }
    };
  }

  @Test
  void nobody_there_is_asked_three_times_more_and_then_left_to_the_row() {
    failure = new Unreachable("away");

    assertThat(ends()).isSameAs(failure);

    assertThat(tries).isEqualTo(4);
  }

  @Test
  void a_no_is_taken_as_one() {
    failure = new Rejected(Reason.InvalidPayload, "no");

    assertThat(ends()).isSameAs(failure);

    assertThat(tries).isEqualTo(1);
  }

  @Test
  void what_the_row_s_keeper_tells_is_not_told_here_too() {
    var told = new ListAppender<ILoggingEvent>();
    told.start();
    var log = (Logger) LoggerFactory.getLogger("org.apache.camel.processor.errorhandler");
    log.addAppender(told);
    try {
      for (var kind : List.of(new Unreachable("away"), new Rejected(Reason.InvalidPayload, "no"))) {
        failure = kind;
        ends();
      }
    } finally {
      log.detachAppender(told);
    }
    assertThat(told.list).isEmpty();
  }

  private Exception ends() {
    return template.send("direct:in", exchange -> {}).getException();
  }

  private void fail() {
    tries++;
    throw failure;
  }
}

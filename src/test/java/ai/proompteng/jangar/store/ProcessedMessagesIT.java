package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.testing.TestDatabase;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessedMessagesIT {
  private TestDatabase database;
  private ProcessedMessages messages;
  private ProcessedMessages elsewhere;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    messages = new ProcessedMessages(database.database());
    elsewhere = new ProcessedMessages(database.open());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_message_is_known_once_it_is_confirmed_by_anyone() {
    var exchange = exchange("route");
    assertThat(messages.contains(exchange, "m")).isFalse();
    assertThat(messages.add(exchange, "m")).isTrue();
    assertThat(elsewhere.contains(exchange, "m")).as("a crash here loses nothing").isFalse();
    assertThat(messages.confirm(exchange, "m")).isTrue();

    assertThat(elsewhere.contains(exchange, "m")).isTrue();
    assertThat(elsewhere.add(exchange, "m")).isFalse();
  }

  @Test
  void a_failure_here_forgets_nothing_that_was_done_elsewhere() {
    var exchange = exchange("route");
    messages.add(exchange, "m");
    assertThat(messages.remove(exchange, "m")).isTrue();
    elsewhere.add(exchange, "m");
    elsewhere.confirm(exchange, "m");

    assertThat(messages.remove(exchange, "m")).isFalse();
    assertThat(messages.contains(exchange, "m")).isTrue();
  }

  @Test
  void each_route_has_its_own_messages() {
    messages.add(exchange("route"), "m");
    messages.confirm(exchange("route"), "m");
    assertThat(messages.contains(exchange("other"), "m")).isFalse();
    assertThat(messages.contains("m")).isFalse();
  }

  @Test
  void a_database_that_goes_away_before_it_is_noted_fails_the_exchange() {
    var exchange = exchange("route");
    database.database().close();
    assertThat(messages.add(exchange, "m")).isFalse();
    assertThat(exchange.getException()).isInstanceOf(Unreachable.class);
  }

  private static Exchange exchange(String route) {
    var exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getExchangeExtension().setFromRouteId(route);
    return exchange;
  }
}

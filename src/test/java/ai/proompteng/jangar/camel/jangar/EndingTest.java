package ai.proompteng.jangar.camel.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class EndingTest {
  @Test
  void a_403_that_names_a_limit_comes_again() {
    assertThat(of(403, Map.of("retry-after", "60"))).isEqualTo(Ending.UNANSWERED);
    assertThat(of(403, Map.of("x-ratelimit-remaining", "0"))).isEqualTo(Ending.UNANSWERED);
  }

  @Test
  void any_other_403_is_a_no() {
    assertThat(of(403, Map.of("x-ratelimit-remaining", "17"))).isEqualTo(Ending.REFUSED);
    assertThat(of(403, null)).isEqualTo(Ending.REFUSED);
  }

  private static Ending of(int status, Map<String, String> headers) {
    var exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.setException(
        new HttpOperationFailedException("https://x.test", status, "", null, headers, ""));
    return Ending.of(exchange);
  }
}

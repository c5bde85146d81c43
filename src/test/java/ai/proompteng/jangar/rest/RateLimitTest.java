package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final Hand clock = new Hand();

  @Test
  void a_burst_comes_in_and_then_the_rate() {
    var limit = new RateLimit(10, 3, 100, clock);
    assertThat(admitted(limit, "a", 5)).isEqualTo(3);
    clock.millis += 200;
    assertThat(admitted(limit, "a", 5)).isEqualTo(2);
    clock.millis += 60_000;
    assertThat(admitted(limit, "a", 5)).isEqualTo(3);
  }

  @Test
  void all_senders_together_have_no_more_than_one() {
    var limit = new RateLimit(10, 3, 100, clock);
    assertThat(admitted(limit, "a", 2)).isEqualTo(2);
    assertThat(admitted(limit, "b", 2)).isEqualTo(1);
  }

  @Test
  void a_rate_of_zero_is_off() {
    assertThat(admitted(new RateLimit(0, 1, 100, clock), "a", 1000)).isEqualTo(1000);
  }

  @Test
  void a_clock_that_is_set_back_earns_nothing() {
    var limit = new RateLimit(10, 3, 100, clock);
    assertThat(admitted(limit, "a", 3)).isEqualTo(3);
    clock.millis -= 60_000;
    assertThat(admitted(limit, "a", 3)).isZero();
  }

  private static int admitted(RateLimit limit, String sender, int tries) {
    int admitted = 0;
    for (int i = 0; i < tries; i++) {
      admitted += limit.admits(sender) ? 1 : 0;
    }
    return admitted;
  }

  private static final class Hand extends Clock {
    private long millis = 1_000_000;

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}

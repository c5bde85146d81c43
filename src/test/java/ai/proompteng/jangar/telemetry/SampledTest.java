package ai.proompteng.jangar.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class SampledTest {
  private final List<Runnable> handedOver = new ArrayList<>();
  private long now = Duration.ofDays(1).toNanos();
  private int reads;
  private boolean away;
  private final Sampled<Integer> sampled =
      new Sampled<>(this::read, Duration.ofSeconds(15), handedOver::add, () -> now);

  @Test
  void who_asks_never_reads_and_gets_the_last_reading() {
    assertThat(sampled.get()).isEmpty();
    assertThat(reads).isZero();
    handOver();
    assertThat(sampled.get()).contains(1);
  }

  @Test
  void however_often_it_is_asked_it_is_read_once_a_period() {
    for (int i = 0; i < 100; i++) {
      sampled.get();
    }
    handOver();
    pass(14);
    sampled.get();
    assertThat(reads).isEqualTo(1);
    pass(1);
    sampled.get();
    sampled.get();
    handOver();
    assertThat(reads).isEqualTo(2);
    assertThat(sampled.get()).contains(2);
  }

  @Test
  void nobody_asks_nothing_is_read() {
    pass(3600);
    assertThat(handedOver).isEmpty();
  }

  @Test
  void one_that_hangs_is_not_asked_a_second_time() {
    sampled.get();
    pass(60);
    sampled.get();
    assertThat(handedOver).hasSize(1);
  }

  @Test
  void what_cannot_be_read_is_not_known() {
    sampled.get();
    handOver();
    away = true;
    pass(15);
    sampled.get();
    handOver();
    assertThat(sampled.get()).isEmpty();
    away = false;
    pass(15);
    sampled.get();
    handOver();
    assertThat(sampled.get()).contains(2);
  }

  @Test
  void what_was_read_long_ago_is_not_known() {
    sampled.get();
    handOver();
    pass(301);
    assertThat(sampled.get()).isEmpty();
  }

  @Test
  void at_a_stop_nobody_is_disturbed() {
    var stopping =
        new Sampled<>(
            this::read,
            Duration.ofSeconds(15),
            task -> {
              throw new RejectedExecutionException();
            },
            () -> now);
    assertThat(stopping.get()).isEmpty();
  }

  private int read() {
    if (away) {
      throw new Unreachable("away");
    }
    return ++reads;
  }

  private void handOver() {
    var tasks = List.copyOf(handedOver);
    handedOver.clear();
    tasks.forEach(Runnable::run);
  }

  private void pass(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }
}

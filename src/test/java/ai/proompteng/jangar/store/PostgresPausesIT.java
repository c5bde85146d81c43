package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresPausesIT {
  private final TestDatabase database = TestDatabase.create();
  private final PostgresPauses pauses = new PostgresPauses(database.open());

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void a_pause_holds_its_namespace_and_that_of_all_holds_each() {
    pauses.pause(Optional.of("a"), "why", "ada");
    pauses.pause(Optional.of("a"), "why again", "bob");
    assertThat(pauses.of("a")).contains(new Pauses.Pause(false, "why again", "bob"));
    assertThat(pauses.of("b")).isEmpty();
    pauses.pause(Optional.empty(), "all", "ada");
    assertThat(pauses.of("b")).contains(new Pauses.Pause(true, "all", "ada"));
    pauses.resume(Optional.empty());
    assertThat(pauses.of("b")).isEmpty();
    assertThat(pauses.of("a")).isPresent();
  }

  @Test
  void a_resumption_rings() {
    var rung = new AtomicInteger();
    try (var bell = new Bell(database.url(), Duration.ofSeconds(1))) {
      bell.on(Bell.Channel.PAUSES, rung::incrementAndGet);
      bell.start();
      await().untilAtomic(rung, org.hamcrest.Matchers.equalTo(1)); // it is connected
      pauses.resume(Optional.of("a"));
      await().untilAtomic(rung, org.hamcrest.Matchers.equalTo(2));
    }
  }
}

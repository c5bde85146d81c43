package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** When another's Lease may be taken: by our own forward clock alone. */
class SeenLeaseTest {
  private static final Duration OURS = Duration.ofSeconds(30);
  private static final ZonedDateTime TIME =
      ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  @Test
  void what_was_never_there_is_free() {
    assertThat(SeenLease.NEVER.look(null, seconds(5)).free(seconds(5), OURS)).isTrue();
  }

  @Test
  void a_lease_that_was_given_back_is_free_at_once() {
    assertThat(SeenLease.NEVER.look(record(null, 30, 0), 0).free(0, OURS)).isTrue();
    assertThat(SeenLease.NEVER.look(record("", 30, 0), 0).free(0, OURS)).isTrue();
  }

  @Test
  void a_holder_is_waited_for_since_it_was_first_seen_however_old_its_own_times_are() {
    var seen = SeenLease.NEVER.look(record("other", 30, -100_000), seconds(7));
    assertThat(seen.free(seconds(7 + 30), OURS)).isFalse();
    assertThat(seen.free(seconds(7 + 31), OURS)).isTrue();
  }

  @Test
  void a_holder_whose_clock_is_ahead_is_not_waited_for_longer() {
    var seen = SeenLease.NEVER.look(record("other", 30, 100_000), 0);
    assertThat(seen.free(seconds(31), OURS)).isTrue();
  }

  @Test
  void a_renewal_begins_the_wait_anew_and_an_unchanged_record_does_not() {
    var seen =
        SeenLease.NEVER
            .look(record("other", 30, 0), 0)
            .look(record("other", 30, 5), seconds(5))
            .look(record("other", 30, 5), seconds(20));
    assertThat(seen.free(seconds(35), OURS)).isFalse();
    assertThat(seen.free(seconds(36), OURS)).isTrue();
  }

  @Test
  void a_deletion_takes_nothing_from_a_holder_that_lives() {
    var seen = SeenLease.NEVER.look(record("other", 30, 0), 0).look(null, seconds(3));
    assertThat(seen.free(seconds(4), OURS)).isFalse();
    assertThat(seen.look(record("other", 30, 5), seconds(5)).free(seconds(34), OURS)).isFalse();
    assertThat(seen.free(seconds(31), OURS)).isTrue();
  }

  @Test
  void a_deleted_lease_is_waited_for_no_longer_than_one_of_ours() {
    var seen = SeenLease.NEVER.look(record("other", 1_000_000, 0), 0);
    assertThat(seen.free(seconds(31), OURS)).isFalse();
    assertThat(seen.look(null, seconds(1)).free(seconds(31), OURS)).isTrue();
  }

  @Test
  void a_clock_that_runs_over_its_largest_number_is_still_a_clock() {
    var seen = SeenLease.NEVER.look(record("other", 30, 0), Long.MAX_VALUE - 1);
    assertThat(seen.free(Long.MAX_VALUE + seconds(30), OURS)).isTrue();
    assertThat(seen.free(Long.MAX_VALUE + seconds(29), OURS)).isFalse();
  }

  private static LeaderElectionRecord record(String holder, int length, int renewed) {
    return new LeaderElectionRecord(
        holder, Duration.ofSeconds(length), TIME, TIME.plusSeconds(renewed), 1);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}

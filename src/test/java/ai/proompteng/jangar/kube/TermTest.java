package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A term by a clock that only goes forward. */
class TermTest {
  private long now;
  private final Term term = new Term("me", Duration.ofSeconds(20), () -> now);

  @Test
  void what_is_only_sought_does_not_lead() {
    assertThat(term.leads()).isFalse();
    at(1_000);
    assertThat(term.over()).isFalse();
  }

  @Test
  void it_leads_until_a_renew_deadline_after_the_last_renewal_was_sent() {
    term.renewed(now);
    at(15);
    term.renewed(seconds(10));
    at(29);
    assertThat(term.leads()).isTrue();
    assertThat(term.left()).isEqualTo(Duration.ofSeconds(1));
    at(30);
    assertThat(term.leads()).isFalse();
    assertThat(term.over()).isTrue();
  }

  @Test
  void a_renewal_that_succeeds_too_late_does_not_bring_it_back() {
    term.renewed(now);
    at(21);
    term.renewed(seconds(19));
    assertThat(term.leads()).isFalse();
  }

  @Test
  void a_lease_whose_answer_took_longer_than_the_deadline_begins_no_term() {
    at(25);
    term.renewed(seconds(1));
    assertThat(term.leads()).isFalse();
    assertThat(term.over()).isTrue();
  }

  @Test
  void one_that_retires_begins_nothing_and_is_renewed_until_its_end() {
    term.renewed(now);
    term.retire();
    assertThat(term.leads()).isFalse();
    at(15);
    term.renewed(seconds(15));
    at(30);
    assertThat(term.over()).isFalse();
    assertThat(term.end()).isTrue();
    assertThat(term.over()).isTrue();
  }

  @Test
  void it_ends_once() {
    term.renewed(now);
    assertThat(term.end()).isTrue();
    assertThat(term.end()).isFalse();
    term.renewed(now);
    assertThat(term.leads()).isFalse();
  }

  private void at(long seconds) {
    now = seconds(seconds);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}

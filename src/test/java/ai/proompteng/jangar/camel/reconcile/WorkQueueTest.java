package ai.proompteng.jangar.camel.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** client-go's rules for a work queue, each by its name. */
@Timeout(20)
class WorkQueueTest {
  private final HandClock time = new HandClock();
  private final WorkQueue<String> queue =
      new WorkQueue<>(time::nanos, time::set, WorkQueue.Backoff.DEFAULT, () -> 0.5);

  @Test
  void ten_rings_while_queued_are_one_pass() throws Exception {
    for (int i = 0; i < 10; i++) {
      queue.add("a");
    }
    assertThat(queue.take()).contains("a");
    queue.done("a");
    assertThat(queue.length()).isZero();
  }

  @Test
  void a_ring_while_processed_is_one_more_pass_afterwards() throws Exception {
    queue.add("a");
    queue.take();
    queue.add("a");
    queue.add("a");
    assertThat(queue.length()).as("not while it is worked on").isZero();
    queue.done("a");
    assertThat(queue.length()).isEqualTo(1);
    assertThat(queue.take()).contains("a");
    queue.done("a");
    assertThat(queue.length()).isZero();
  }

  @Test
  void keys_come_in_the_order_of_their_first_ring() throws Exception {
    queue.add("a");
    queue.add("b");
    queue.add("a");
    assertThat(queue.take()).contains("a");
    assertThat(queue.take()).contains("b");
  }

  @Test
  void a_key_is_never_worked_on_twice_at_once() throws Exception {
    var working = new ConcurrentHashMap<String, AtomicInteger>();
    var overlaps = new AtomicInteger();
    var passes = new AtomicInteger();
    var workers = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 4; i++) {
      workers.execute(
          () -> {
            try {
              for (var key = queue.take(); key.isPresent(); key = queue.take()) {
                var count = working.computeIfAbsent(key.get(), any -> new AtomicInteger());
                if (count.incrementAndGet() > 1) {
                  overlaps.incrementAndGet();
                }
                Thread.onSpinWait();
                count.decrementAndGet();
                passes.incrementAndGet();
                queue.done(key.get());
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    for (int i = 0; i < 20_000; i++) {
      queue.add("key-" + ThreadLocalRandom.current().nextInt(5));
    }
    await().until(() -> queue.length() == 0 && queue.inProgress() == 0);
    workers.shutdownNow();
    assertThat(overlaps).hasValue(0);
    assertThat(passes.get()).isBetween(5, 20_000);
  }

  @Test
  void a_delayed_ring_comes_when_it_is_due() throws Exception {
    queue.addAfter("a", Duration.ofSeconds(30));
    time.pass(Duration.ofSeconds(29));
    assertThat(queue.length()).isZero();
    time.pass(Duration.ofSeconds(1));
    assertThat(queue.take()).contains("a");
  }

  @Test
  void of_two_delayed_rings_the_earlier_one_stands() throws Exception {
    queue.addAfter("a", Duration.ofSeconds(30));
    queue.addAfter("a", Duration.ofSeconds(10));
    queue.addAfter("a", Duration.ofSeconds(20));
    time.pass(Duration.ofSeconds(10));
    assertThat(queue.take()).contains("a");
    queue.done("a");
    time.pass(Duration.ofSeconds(60));
    assertThat(queue.length()).as("the others are called off").isZero();
  }

  @Test
  void a_delay_of_nothing_rings_at_once() {
    queue.addAfter("a", Duration.ZERO);
    assertThat(queue.length()).isEqualTo(1);
  }

  @Test
  void failures_wait_twice_as_long_each_time_up_to_a_limit_for_ever() {
    long[] seconds = {5, 10, 20, 40, 80, 160, 300, 300, 300};
    for (long wait : seconds) {
      queue.retry("a");
      time.pass(Duration.ofSeconds(wait).minusMillis(1));
      assertThat(queue.length()).as("before %s s", wait).isZero();
      time.pass(Duration.ofMillis(1));
      assertThat(takeAndDone()).as("after %s s", wait).contains("a");
    }
  }

  @Test
  void success_makes_the_next_failure_the_first_again() {
    queue.retry("a");
    queue.retry("a");
    time.pass(Duration.ofSeconds(10));
    takeAndDone();
    queue.forget("a");
    queue.retry("a");
    time.pass(Duration.ofSeconds(5));
    assertThat(takeAndDone()).contains("a");
  }

  @Test
  void waits_are_spread_by_a_fifth() {
    var backoff = WorkQueue.Backoff.DEFAULT;
    assertThat(backoff.after(1, 0.0)).isEqualTo(Duration.ofSeconds(4));
    assertThat(backoff.after(1, 1.0)).isEqualTo(Duration.ofSeconds(6));
    assertThat(backoff.after(100, 1.0)).isEqualTo(Duration.ofMinutes(6));
  }

  @Test
  void a_ring_from_outside_does_not_wait_for_the_backoff() throws Exception {
    queue.retry("a");
    queue.add("a");
    assertThat(queue.take()).contains("a");
  }

  @Test
  void draining_waits_for_what_is_worked_on_and_drops_what_waits() throws Exception {
    queue.add("a");
    queue.take();
    queue.add("a");
    queue.add("b");
    queue.addAfter("c", Duration.ofSeconds(1));
    var drained =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return queue.drain(Duration.ofSeconds(10));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> queue.length() == 0);
    assertThat(drained).isNotDone();
    queue.done("a");
    assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
    time.pass(Duration.ofMinutes(1));
    queue.add("d");
    assertThat(queue.take()).isEmpty();
    assertThat(queue.length()).isZero();
  }

  @Test
  void draining_gives_up_at_its_limit() throws Exception {
    var real =
        new WorkQueue<String>(System::nanoTime, time::set, WorkQueue.Backoff.DEFAULT, () -> 0.5);
    real.add("a");
    real.take();
    assertThat(real.drain(Duration.ofMillis(50))).isFalse();
  }

  private Optional<String> takeAndDone() {
    try {
      assertThat(queue.length()).isEqualTo(1);
      var key = queue.take();
      key.ifPresent(queue::done);
      return key;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A clock whose hands the test moves. */
  private static final class HandClock {
    private record Set(long due, Runnable what) {}

    private final PriorityQueue<Set> alarms = new PriorityQueue<>(Comparator.comparing(Set::due));
    private long now = 1_000_000_000L;

    long nanos() {
      return now;
    }

    Runnable set(Duration after, Runnable what) {
      var set = new Set(now + after.toNanos(), what);
      alarms.add(set);
      return () -> alarms.remove(set);
    }

    void pass(Duration time) {
      now += time.toNanos();
      while (!alarms.isEmpty() && alarms.peek().due() <= now) {
        alarms.poll().what().run();
      }
    }
  }
}

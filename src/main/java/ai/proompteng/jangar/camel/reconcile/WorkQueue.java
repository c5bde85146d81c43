package ai.proompteng.jangar.camel.reconcile;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * A queue of keys with client-go's rules: a key that is rung while it waits is worked on once, one
 * that is rung while it is worked on comes once more afterwards, and no key is ever worked on twice
 * at once. It holds each key at most once, so it is as long as there are objects.
 *
 * @param <K> the key
 */
public final class WorkQueue<K> {

  /** Something that runs later. */
  @FunctionalInterface
  public interface Alarm {
    /**
     * Runs that once, so much later, in whatever thread.
     *
     * @return what calls it off
     */
    Runnable set(Duration after, Runnable what);
  }

  /**
   * How long a key that failed waits: twice as long each time.
   *
   * @param first after the first failure
   * @param longest at the most, before the jitter
   * @param jitter the part by which a wait may be shorter or longer
   */
  public record Backoff(Duration first, Duration longest, double jitter) {
    public static final Backoff DEFAULT =
        new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), 0.2);

    private static final int MOST_DOUBLINGS = 30;

    /** The wait after so many failures; {@code chance} is in [0, 1). */
    Duration after(int failures, double chance) {
      double millis = first.toMillis() * Math.pow(2, Math.min(failures - 1, MOST_DOUBLINGS));
      double capped = Math.min(millis, longest.toMillis());
      return Duration.ofMillis(Math.round(capped * (1 + jitter * (2 * chance - 1))));
    }
  }

  private record Waiting(long due, Runnable callOff) {}

  private final LongSupplier nanos;
  private final Alarm alarm;
  private final Backoff backoff;
  private final DoubleSupplier chance;

  private final Deque<K> queue = new ArrayDeque<>();
  private final Set<K> dirty = new HashSet<>();
  private final Set<K> processing = new HashSet<>();
  private final Map<K, Waiting> waiting = new HashMap<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private boolean shutDown;

  /**
   * @param nanos a time that only goes forward, as {@link System#nanoTime}
   * @param chance numbers in [0, 1) for the jitter
   */
  public WorkQueue(LongSupplier nanos, Alarm alarm, Backoff backoff, DoubleSupplier chance) {
    this.nanos = nanos;
    this.alarm = alarm;
    this.backoff = backoff;
    this.chance = chance;
  }

  /** Rings a key. */
  public synchronized void add(K key) {
    if (shutDown || !dirty.add(key)) {
      return;
    }
    if (!processing.contains(key)) {
      queue.add(key);
      notifyAll();
    }
  }

  /** Rings a key later; an earlier ring that is already set stands. */
  public synchronized void addAfter(K key, Duration delay) {
    if (shutDown) {
      return;
    }
    if (delay.isNegative() || delay.isZero()) {
      add(key);
      return;
    }
    long due = nanos.getAsLong() + delay.toNanos();
    var set = waiting.get(key);
    if (set != null) {
      if (set.due() - due <= 0) {
        return;
      }
      set.callOff().run();
    }
    waiting.put(key, new Waiting(due, alarm.set(delay, () -> ring(key, due))));
  }

  /** Rings a key whose work has failed, the later the more often it has. */
  public synchronized void retry(K key) {
    int times = failures.merge(key, 1, (before, one) -> Math.min(before + one, 1_000));
    addAfter(key, backoff.after(times, chance.getAsDouble()));
  }

  /** The key's work has succeeded: its failures are forgotten. */
  public synchronized void forget(K key) {
    failures.remove(key);
  }

  /**
   * Waits for the next key, which must be given back by {@link #done}. Empty once the queue is shut
   * down.
   */
  public synchronized Optional<K> take() throws InterruptedException {
    while (queue.isEmpty() && !shutDown) {
      wait();
    }
    if (shutDown) {
      return Optional.empty(); // what still waits is found again at the next start
    }
    var key = queue.poll();
    processing.add(key);
    dirty.remove(key);
    return Optional.of(key);
  }

  /** The work on a key is over, well or badly. If it was rung meanwhile, it waits again. */
  public synchronized void done(K key) {
    processing.remove(key);
    if (dirty.contains(key) && !shutDown) {
      queue.add(key);
    }
    notifyAll();
  }

  /** No key comes in or goes out any more; what is being worked on goes on. */
  public synchronized void shutDown() {
    shutDown = true;
    queue.clear();
    waiting.values().forEach(set -> set.callOff().run());
    waiting.clear();
    notifyAll();
  }

  /**
   * Shuts down and waits until nothing is being worked on.
   *
   * @return false when it did not come to an end within that time
   */
  public synchronized boolean drain(Duration limit) throws InterruptedException {
    shutDown();
    long end = nanos.getAsLong() + limit.toNanos();
    while (!processing.isEmpty()) {
      long left = end - nanos.getAsLong();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** How many keys wait for a worker. */
  public synchronized int length() {
    return queue.size();
  }

  /** How many keys' last work has failed. */
  public synchronized int failing() {
    return failures.size();
  }

  /** How many keys are being worked on. */
  public synchronized int inProgress() {
    return processing.size();
  }

  private synchronized void ring(K key, long due) {
    var set = waiting.get(key);
    if (set != null && set.due() == due) {
      waiting.remove(key);
      add(key);
    }
  }
}

package ai.proompteng.jangar.telemetry;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What takes time to read, read elsewhere and now and then: whoever asks gets the last that was
 * read, at once, and by asking has it read again if it is old. Nobody asks, nothing is read; what
 * cannot be read any more is not known any more.
 *
 * @param <T> what is read
 */
public final class Sampled<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Sampled.class);
  private static final int PERIODS_UNTIL_FORGOTTEN = 20;

  private record Reading<T>(T value, long at) {}

  private final Supplier<T> source;
  private final long period;
  private final Executor executor;
  private final LongSupplier nanos;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile Reading<T> last;
  private volatile long tried;
  private volatile boolean ever;

  /**
   * @param source may block and throw
   * @param period how old a reading is before the next is made
   * @param executor where it is read: one at a time
   * @param nanos a time that only goes forward, as {@link System#nanoTime}
   */
  public Sampled(Supplier<T> source, Duration period, Executor executor, LongSupplier nanos) {
    this.source = source;
    this.period = period.toNanos();
    this.executor = executor;
    this.nanos = nanos;
  }

  /** The last reading; empty before the first, and when it is too old to be true. Never waits. */
  public Optional<T> get() {
    long now = nanos.getAsLong();
    if ((!ever || now - tried >= period) && reading.compareAndSet(false, true)) {
      ever = true;
      tried = now;
      try {
        executor.execute(this::read);
      } catch (RejectedExecutionException e) {
        reading.set(false); // stopping
      }
    }
    var known = last;
    return known == null || now - known.at() > PERIODS_UNTIL_FORGOTTEN * period
        ? Optional.empty()
        : Optional.of(known.value());
  }

  private void read() {
    try {
      last = new Reading<>(source.get(), nanos.getAsLong());
    } catch (RuntimeException e) {
      last = null;
      LOG.atDebug().setCause(e).log("What a meter shows cannot be read now");
    } finally {
      reading.set(false);
    }
  }
}

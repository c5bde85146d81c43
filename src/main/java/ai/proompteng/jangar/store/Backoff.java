package ai.proompteng.jangar.store;

import java.time.Duration;

/**
 * How long a row waits for its next try: {@code base · 2^n} up to {@code cap}, 20 % more or less.
 * Counted out by the database, whose clock leases and retries live by.
 */
public record Backoff(Duration base, Duration cap) {
  // 2^16 times any base is beyond any cap, and far from overflowing
  private static final String DELAY =
      "now() + make_interval(secs => least(?::float8, ?::float8 * power(2, least(retries, 16)))"
          + " * (0.8 + 0.4 * random()))";

  /** An expression with two values, {@link #capSeconds} and {@link #baseSeconds}. */
  static String sql() {
    return DELAY;
  }

  double capSeconds() {
    return cap.toMillis() / 1000.0;
  }

  double baseSeconds() {
    return base.toMillis() / 1000.0;
  }
}

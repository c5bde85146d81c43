package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.core.Unreachable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the next request may go: some time after the one before, whoever asks, and for a credential
 * that has met a limit not before that has passed.
 */
final class ApiTurns {
  private record Limit(Instant until, int inARow) {}

  private final Clock clock;
  private final Duration spacing;
  private final Map<String, Limit> limits = new ConcurrentHashMap<>();
  private Instant next = Instant.MIN;

  ApiTurns(Clock clock, Duration spacing) {
    this.clock = clock;
    this.spacing = spacing;
  }

  /**
   * Takes a turn, and says how long it is until then.
   *
   * @param credential whose limit counts
   * @throws Unreachable when that is not to be waited for here
   */
  synchronized Duration take(String credential) {
    var now = clock.instant();
    var limit = limits.get(credential);
    if (limit != null && now.isBefore(limit.until())) {
      throw new Unreachable("GitHub's limit for " + credential + " holds until " + limit.until());
    }
    var turn = next.isAfter(now) ? next : now;
    next = turn.plus(spacing);
    return Duration.between(now, turn);
  }

  /**
   * Learns from an answer.
   *
   * @throws Unreachable when it speaks of a limit
   */
  void answered(String credential, ApiAnswer answer) {
    var before = limits.get(credential);
    var now = clock.instant();
    var wait = ApiLimits.wait(answer, now, before == null ? 0 : before.inARow());
    if (wait.isEmpty()) {
      limits.remove(credential);
      return;
    }
    var until = now.plus(wait.get());
    limits.put(credential, new Limit(until, before == null ? 1 : before.inARow() + 1));
    throw new Unreachable(
        "GitHub answered "
            + answer.status()
            + ": its limit for "
            + credential
            + " holds until "
            + until);
  }
}

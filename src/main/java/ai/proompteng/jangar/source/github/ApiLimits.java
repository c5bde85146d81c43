package ai.proompteng.jangar.source.github;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * How long GitHub wants to be left alone (integrations-and-helm.md 1.14.1). A 403 is a limit only
 * if it says so; else it is a no. Pure.
 */
final class ApiLimits {
  /** No wait is longer, whatever the answer says. */
  static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration UNSAID = Duration.ofMinutes(1);
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;

  private ApiLimits() {}

  /**
   * The wait that the answer asks for; empty when it speaks of no limit.
   *
   * @param inARow how many limits were met in a row before this one
   */
  static Optional<Duration> wait(ApiAnswer answer, Instant now, int inARow) {
    if (answer.status() != FORBIDDEN && answer.status() != TOO_MANY) {
      return Optional.empty();
    }
    return retryAfter(answer)
        .or(() -> untilReset(answer, now))
        .or(() -> unsaid(answer, inARow))
        .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
  }

  private static Optional<Duration> retryAfter(ApiAnswer answer) {
    return answer.header("Retry-After").flatMap(ApiLimits::number).map(Duration::ofSeconds);
  }

  /** By GitHub's own clock, where it tells the time. */
  private static Optional<Duration> untilReset(ApiAnswer answer, Instant now) {
    if (!answer.header("X-RateLimit-Remaining").equals(Optional.of("0"))) {
      return Optional.empty();
    }
    return answer
        .header("X-RateLimit-Reset")
        .flatMap(ApiLimits::number)
        .map(reset -> Duration.between(date(answer).orElse(now), Instant.ofEpochSecond(reset)))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .map(wait -> wait.plusSeconds(1));
  }

  private static Optional<Duration> unsaid(ApiAnswer answer, int inARow) {
    boolean limited =
        answer.status() == TOO_MANY
            || answer.message().toLowerCase(Locale.ROOT).contains("rate limit");
    return limited ? Optional.of(UNSAID.multipliedBy(1L << Math.min(inARow, 6))) : Optional.empty();
  }

  private static Optional<Instant> date(ApiAnswer answer) {
    try {
      return answer
          .header("Date")
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,12}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }
}

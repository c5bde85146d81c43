package ai.proompteng.jangar.implementation;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Source versions as annotations carry them: instants, compared as such (W10). */
final class Versions {
  private Versions() {}

  /** The instant written there; empty for null and for what is none. */
  static Optional<Instant> parse(String version) {
    if (version == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(version).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}

package ai.proompteng.jangar.rest;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** Where a page ended: what comes behind it is older, or as old and of a smaller id. */
record Cursor(Instant createdAt, UUID id) {
  private static final int MAX = 200;

  /** What {@link #toString} says; empty for anything else. */
  static Optional<Cursor> read(String text) {
    try {
      if (text.length() > MAX) {
        return Optional.empty();
      }
      var parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split("/", 2);
      return Optional.of(new Cursor(Instant.parse(parts[0]), UUID.fromString(parts[1])));
    } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Opaque to whoever hands it back. */
  @Override
  public String toString() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((createdAt + "/" + id).getBytes(StandardCharsets.US_ASCII));
  }
}

package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Hashes;
import java.time.Instant;
import java.util.Optional;

/**
 * An ImplementationSpec as one pass sees it.
 *
 * @param trouble why its spec did not decode; empty when it did
 * @param now when the pass began
 */
public record SpecView(
    Resource<ImplementationSpecSpec, ImplementationSpecStatus> object,
    Optional<String> trouble,
    Instant now) {

  Meta meta() {
    return object.metadata();
  }

  ImplementationSpecSpec spec() {
    return object.spec();
  }

  ImplementationSpecStatus status() {
    return object.status();
  }

  Optional<String> annotation(String name) {
    return Optional.ofNullable(meta().annotations().get(name)).filter(value -> !value.isBlank());
  }

  /** True when the drain made it, and keeps it. */
  boolean imported() {
    return annotation(WellKnown.SOURCE_VERSION).isPresent();
  }

  Optional<String> staleReason() {
    return annotation(WellKnown.STALE_REASON);
  }

  /** Whether there is no text: of the cached object, which goes without, by what the cache says. */
  boolean textBlank() {
    return spec().text() == null
        ? annotation(WellKnown.CACHED_TEXT_BLANK).map(Boolean::parseBoolean).orElse(true)
        : spec().text().isBlank();
  }

  /** The text's length in UTF-8. */
  long textBytes() {
    if (spec().text() != null) {
      return SpecText.bytes(spec().text());
    }
    return annotation(WellKnown.CACHED_TEXT_BYTES)
        .filter(bytes -> bytes.matches("[0-9]{1,18}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  /** What stands there, as a hash: the import's, or the text's for an object made by hand. */
  String contentHash() {
    return annotation(WellKnown.SOURCE_CONTENT_HASH)
        .or(() -> Optional.ofNullable(spec().text()).map(Hashes::sha256))
        .or(() -> annotation(WellKnown.CACHED_TEXT_SHA256))
        .orElse(null);
  }
}

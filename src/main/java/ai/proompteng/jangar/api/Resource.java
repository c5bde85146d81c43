package ai.proompteng.jangar.api;

import ai.proompteng.jangar.core.Key;

/**
 * One object of a {@link Kind}, decoded. {@code spec} and {@code status} are never null; their
 * fields may be.
 */
public record Resource<S, T>(Meta metadata, S spec, T status) {
  /** Where it stands. */
  public Key key() {
    return new Key(metadata.namespace(), metadata.name());
  }
}

package ai.proompteng.jangar.source.github;

import java.util.Optional;

/** Some requests to GitHub, one after the other, of which each depends on the answers before. */
interface ApiWork {
  /** The next request; empty when all is done. */
  Optional<ApiCall> next();

  /** What to do after that answer, which is a success. */
  ApiWork after(ApiAnswer answer);

  /** What to do after a 404 or 410 of that request; empty when that is a no. */
  default Optional<ApiWork> missing() {
    return Optional.empty();
  }
}

package ai.proompteng.jangar.rest;

import java.util.Optional;
import java.util.Set;

/** Who may call over REST: one of {@code JANGAR_AUTH_MODE}. */
@FunctionalInterface
public interface Access {
  /** Mode {@code deny}. */
  Access NOBODY = authorization -> Optional.empty();

  /** Mode {@code open}, on loopback alone: whoever is on this machine. */
  Access EVERYONE = authorization -> Optional.of(Caller.of("local", Set.of(), true));

  /**
   * Who that is; empty for nobody who may call.
   *
   * @param authorization the Authorization header; null when missing
   */
  Optional<Caller> caller(String authorization);
}

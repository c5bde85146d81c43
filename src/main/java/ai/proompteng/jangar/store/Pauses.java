package ai.proompteng.jangar.store;

import java.util.Optional;

/**
 * Where nothing new is started (decision 38). Everything here throws {@link
 * ai.proompteng.jangar.core.Unreachable} when it cannot be known.
 */
public interface Pauses {

  /** For whoever does not mind: nothing is ever paused. */
  Pauses NONE =
      new Pauses() {
        @Override
        public Optional<Pause> of(String namespace) {
          return Optional.empty();
        }

        @Override
        public void pause(Optional<String> namespace, String reason, String by) {
          throw new UnsupportedOperationException("nothing is paused here");
        }

        @Override
        public void resume(Optional<String> namespace) {
          throw new UnsupportedOperationException("nothing is paused here");
        }
      };

  /**
   * A pause that is in force.
   *
   * @param everywhere whether it is one of all namespaces
   * @param by who asked for it
   */
  record Pause(boolean everywhere, String reason, String by) {}

  /** What holds that namespace, the pause of all first. */
  Optional<Pause> of(String namespace);

  /**
   * Pauses a namespace, or all.
   *
   * @param namespace empty for all
   */
  void pause(Optional<String> namespace, String reason, String by);

  /** Takes that one pause back, and wakes whoever waits. */
  void resume(Optional<String> namespace);
}

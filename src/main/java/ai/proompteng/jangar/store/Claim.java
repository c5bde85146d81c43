package ai.proompteng.jangar.store;

import java.util.UUID;

/**
 * What a request for a run has become.
 *
 * @param state {@code active}: it holds its slot; {@code next}: it waits for it; {@code replaced}:
 *     a newer one waits instead; {@code released}: its run is final or gone; {@code failed}: the
 *     API server would not have its run
 * @param runName the run's, whoever creates it
 * @param runUid null until the run is known to exist
 */
public record Claim(UUID id, RunRequest request, String state, String runName, String runUid) {
  /** True when its run is still to be created. */
  public boolean unstarted() {
    return state.equals("active") && runUid == null;
  }
}

package ai.proompteng.jangar.store;

import java.util.Optional;

/**
 * Who owns a key within (namespace, agent): {@code agent_run_idempotency_keys} (agentrun.md 2.9).
 * Throws {@link ai.proompteng.jangar.core.Unreachable}.
 */
public interface IdempotencyKeys {
  /** The run that holds a key; {@code terminalPhase} is null while it is not final. */
  record Owner(String runName, String runUid, String terminalPhase) {}

  /** Who holds the key now; empty when it is free. */
  Optional<Owner> owner(String namespace, String agent, String key);

  /** The key's owner after this run has asked for it: itself when it was free. */
  Owner claim(String namespace, String agent, String key, String runName, String runUid);

  /** Takes the key over from a run that is gone. False when somebody else was quicker. */
  boolean takeOver(
      String namespace, String agent, String key, Owner gone, String runName, String runUid);

  /** Marks the keys of the run, once, as final. */
  void finished(String runUid, String phase);
}

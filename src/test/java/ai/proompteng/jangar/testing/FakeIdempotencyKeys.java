package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.store.IdempotencyKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Idempotency keys in memory. */
public final class FakeIdempotencyKeys implements IdempotencyKeys {
  private final Map<String, Owner> owners = new HashMap<>();

  /** Who holds the key of an agent in namespace {@code agents}. */
  public Owner owner(String agent, String key) {
    return owners.get("agents/" + agent + "/" + key);
  }

  @Override
  public Optional<Owner> owner(String namespace, String agent, String key) {
    return Optional.ofNullable(owners.get(namespace + "/" + agent + "/" + key));
  }

  @Override
  public Owner claim(String namespace, String agent, String key, String runName, String runUid) {
    return owners.computeIfAbsent(
        namespace + "/" + agent + "/" + key, free -> new Owner(runName, runUid, null));
  }

  @Override
  public boolean takeOver(
      String namespace, String agent, String key, Owner gone, String runName, String runUid) {
    return owners.replace(
        namespace + "/" + agent + "/" + key, gone, new Owner(runName, runUid, null));
  }

  @Override
  public void finished(String runUid, String phase) {
    owners.replaceAll(
        (key, owner) ->
            owner.runUid().equals(runUid) && owner.terminalPhase() == null
                ? new Owner(owner.runName(), runUid, phase)
                : owner);
  }
}

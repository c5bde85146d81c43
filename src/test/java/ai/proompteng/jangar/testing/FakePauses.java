package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.store.Pauses;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Pauses in memory. */
public final class FakePauses implements Pauses {
  private final Map<String, Pause> paused = new ConcurrentHashMap<>();

  @Override
  public Optional<Pause> of(String namespace) {
    return Optional.ofNullable(paused.get("")).or(() -> Optional.ofNullable(paused.get(namespace)));
  }

  @Override
  public void pause(Optional<String> namespace, String reason, String by) {
    paused.put(namespace.orElse(""), new Pause(namespace.isEmpty(), reason, by));
  }

  @Override
  public void resume(Optional<String> namespace) {
    paused.remove(namespace.orElse(""));
  }
}

package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.SecretReader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets in memory, by {@code namespace/name/key}. */
public final class FakeSecrets implements SecretReader {
  private final Map<String, String> values = new ConcurrentHashMap<>();
  private volatile boolean away;

  public FakeSecrets with(String path, String value) {
    values.put(path, value);
    return this;
  }

  public void away(boolean isAway) {
    away = isAway;
  }

  @Override
  public Lookup read(String namespace, String name, String key) {
    if (away) {
      throw new Unreachable("no API server");
    }
    var value = values.get(namespace + "/" + name + "/" + key);
    return value == null ? new Lookup.NoKey() : new Lookup.Found(value);
  }
}

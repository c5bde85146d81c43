package ai.proompteng.jangar.kube;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of limited size that forgets what was not asked for the longest. */
final class RecentlyUsed<K, V> {
  private static final float LOAD = 0.75f;

  private final Map<K, V> entries;

  RecentlyUsed(int limit) {
    this.entries =
        new LinkedHashMap<>(16, LOAD, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > limit;
          }
        };
  }

  /** The value; null when it is not remembered. */
  synchronized V get(K key) {
    return entries.get(key);
  }

  synchronized void put(K key, V value) {
    entries.put(key, value);
  }

  synchronized void remove(K key) {
    entries.remove(key);
  }
}

package ai.proompteng.jangar.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Our own last writes that the watch has not shown yet, by {@code namespace/name} (decision 49). It
 * holds a limited number: the oldest goes first, and costs its reader no more than a later look.
 */
final class Overlay {

  /**
   * One own write.
   *
   * @param object as the server stored it; null when we deleted it
   */
  record Entry(String uid, GenericKubernetesResource object) {
    boolean deletion() {
      return object == null;
    }

    String version() {
      return deletion() ? null : object.getMetadata().getResourceVersion();
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final int limit;

  Overlay(int limit) {
    this.limit = limit;
  }

  synchronized Entry get(String key) {
    return entries.get(key);
  }

  synchronized List<String> keys() {
    return new ArrayList<>(entries.keySet());
  }

  /** Remembers what the server answered, unless a later answer is remembered already. */
  synchronized void wrote(String key, GenericKubernetesResource object) {
    var entry = new Entry(object.getMetadata().getUid(), object);
    var old = entries.get(key);
    if (old == null
        || old.deletion() && !old.uid().equals(entry.uid())
        || !old.deletion() && !ResourceVersions.reaches(old.version(), entry.version())) {
      put(key, entry);
    }
  }

  /** Remembers that the object of that uid is gone. */
  synchronized void deleted(String key, String uid) {
    put(key, new Entry(uid, null));
  }

  /** The watch has shown this state of the object. */
  synchronized void shown(String key, String uid, String version) {
    var own = entries.get(key);
    if (own == null) {
      return;
    }
    var caughtUp =
        own.deletion() ? !own.uid().equals(uid) : ResourceVersions.reaches(version, own.version());
    if (caughtUp) {
      entries.remove(key);
    }
  }

  /** The watch has shown that the object of that uid is gone. */
  synchronized void shownGone(String key, String uid) {
    var own = entries.get(key);
    if (own != null && own.uid().equals(uid)) {
      entries.remove(key);
    }
  }

  /** A whole list of that version is in the store. */
  synchronized void listed(String version) {
    entries
        .values()
        .removeIf(own -> own.deletion() || ResourceVersions.reaches(version, own.version()));
  }

  synchronized void drop(String key, Entry entry) {
    entries.remove(key, entry);
  }

  private void put(String key, Entry entry) {
    entries.remove(key);
    entries.put(key, entry);
    if (entries.size() > limit) {
      Iterator<String> oldest = entries.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}

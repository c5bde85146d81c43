package ai.proompteng.jangar.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What one informer has seen, in its cached form, with an index by the controller's uid. Its index
 * is its own: the client's indexers would forget what the compact form lacks.
 */
final class ObjectStore implements ItemStore<GenericKubernetesResource> {
  private final ResourceType type;
  private final Overlay overlay;
  private final Map<String, Object> objects = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> byController = new ConcurrentHashMap<>();

  ObjectStore(ResourceType type, Overlay overlay) {
    this.type = type;
    this.overlay = overlay;
  }

  @Override
  public String getKey(GenericKubernetesResource object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  @Override
  public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
    var old = restore(key, objects.put(key, CachedForm.of(type, object)));
    var before = controllerUid(old);
    var now = controllerUid(object);
    if (!before.equals(now)) {
      before.ifPresent(uid -> unlink(uid, key));
      now.ifPresent(
          uid -> byController.computeIfAbsent(uid, any -> ConcurrentHashMap.newKeySet()).add(key));
    }
    var meta = object.getMetadata();
    overlay.shown(key, meta.getUid(), meta.getResourceVersion());
    return old;
  }

  @Override
  public GenericKubernetesResource remove(String key) {
    var old = restore(key, objects.remove(key));
    if (old != null) {
      controllerUid(old).ifPresent(uid -> unlink(uid, key));
      overlay.shownGone(key, old.getMetadata().getUid());
    }
    return old;
  }

  @Override
  public Stream<String> keySet() {
    return objects.keySet().stream();
  }

  @Override
  public Stream<GenericKubernetesResource> values() {
    return objects.entrySet().stream().map(entry -> restore(entry.getKey(), entry.getValue()));
  }

  @Override
  public int size() {
    return objects.size();
  }

  @Override
  public GenericKubernetesResource get(String key) {
    return restore(key, objects.get(key));
  }

  /** The keys of the objects that this uid controls. */
  Set<String> controlledBy(String uid) {
    return byController.getOrDefault(uid, Set.of());
  }

  /** The uid of the controller that an object names. */
  static Optional<String> controllerUid(GenericKubernetesResource object) {
    return object == null
        ? Optional.empty()
        : object.getMetadata().getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .map(OwnerReference::getUid)
            .findFirst();
  }

  private void unlink(String uid, String key) {
    byController.computeIfPresent(
        uid, (any, keys) -> keys.remove(key) && keys.isEmpty() ? null : keys);
  }

  private static GenericKubernetesResource restore(String key, Object stored) {
    if (stored instanceof TerminalRun run) {
      int slash = key.indexOf('/');
      return run.restore(key.substring(0, slash), key.substring(slash + 1));
    }
    return (GenericKubernetesResource) stored;
  }
}

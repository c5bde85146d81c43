package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds an item's ImplementationSpec by its immutable id, so that it keeps its name when the item
 * is moved or its repository renamed (integrations-and-helm.md 1.11). As large as the informers'
 * store, and kept by its changes.
 */
public final class SpecIndex {
  private record Identity(String namespace, String provider, String sourceId) {}

  private final Map<Identity, SortedSet<Key>> keys = new ConcurrentHashMap<>();

  /** Knows that cluster's specs, and follows them from now on. */
  public SpecIndex(Cluster cluster) {
    var type = ResourceType.of(Kind.IMPLEMENTATION_SPEC);
    cluster.listen(type, this::changed);
    cluster.namespaces().stream()
        .flatMap(namespace -> cluster.cached(type, namespace).stream())
        .forEach(object -> changed(null, object));
  }

  /** Where the item's object stands; the first by name if there were two. */
  public Optional<Key> find(WorkItem item) {
    var identity = new Identity(item.namespace(), item.provider(), SpecNames.sourceId(item));
    var found = new Key[1];
    keys.computeIfPresent(
        identity,
        (any, names) -> {
          found[0] = names.first();
          return names;
        });
    return Optional.ofNullable(found[0]);
  }

  private void changed(GenericKubernetesResource old, GenericKubernetesResource now) {
    var before = identity(old);
    var after = identity(now);
    if (before.isPresent() && !before.equals(after)) {
      forget(before.get(), key(old));
    }
    after.ifPresent(identity -> remember(identity, key(now)));
  }

  private void remember(Identity identity, Key key) {
    keys.compute(
        identity,
        (any, names) -> {
          var all = names == null ? new TreeSet<>(Comparator.comparing(Key::name)) : names;
          all.add(key);
          return all;
        });
  }

  private void forget(Identity identity, Key key) {
    keys.computeIfPresent(
        identity,
        (any, names) -> {
          names.remove(key);
          return names.isEmpty() ? null : names;
        });
  }

  private static Optional<Identity> identity(GenericKubernetesResource object) {
    if (object == null) {
      return Optional.empty();
    }
    var meta = object.getMetadata();
    var provider = value(meta.getLabels(), WellKnown.SOURCE_PROVIDER);
    var id = value(meta.getAnnotations(), WellKnown.SOURCE_ID);
    return provider == null || id == null
        ? Optional.empty()
        : Optional.of(new Identity(meta.getNamespace(), provider, id));
  }

  private static String value(Map<String, String> map, String key) {
    return map == null ? null : map.get(key);
  }

  private static Key key(GenericKubernetesResource object) {
    return new Key(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }
}

package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * A cluster in memory: reads what was written at once, counts versions, refuses stale writes,
 * remembers every request as {@code "create jobs agents/x"}, and fails on request.
 */
public final class FakeCluster implements Cluster {
  private final Map<ResourceType, Map<Key, GenericKubernetesResource>> objects =
      new LinkedHashMap<>();
  private final Map<
          ResourceType, List<BiConsumer<GenericKubernetesResource, GenericKubernetesResource>>>
      listeners = new HashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<Key, String> logs = new HashMap<>();
  private Predicate<String> failing = request -> false;
  private RuntimeException failure;
  private long version;
  private volatile boolean synced = true;

  /** What was asked of the server so far, in order. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Forgets the requests so far. */
  public void forgetRequests() {
    requests.clear();
  }

  /** Every request that matches throws, until told otherwise. */
  public void fail(Predicate<String> request, RuntimeException with) {
    failing = request;
    failure = with;
  }

  /** Puts an object (YAML or JSON) there as somebody else would. */
  public GenericKubernetesResource given(String manifest) {
    return put(Serialization.unmarshal(manifest, GenericKubernetesResource.class));
  }

  /** False: as if nothing had been listed yet. */
  public void synced(boolean isSynced) {
    synced = isSynced;
  }

  /** What a container of that pod says in its log. */
  public void givenLog(Key pod, String log) {
    logs.put(pod, log);
  }

  /** Stores the object as the API server would: uid, generation, version. */
  public synchronized GenericKubernetesResource put(GenericKubernetesResource object) {
    var copy = Serialization.clone(object);
    var meta = copy.getMetadata();
    if (meta.getUid() == null) {
      meta.setUid(UUID.randomUUID().toString());
    }
    if (meta.getCreationTimestamp() == null) {
      meta.setCreationTimestamp(
          Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
    }
    if (meta.getGeneration() == null) {
      meta.setGeneration(1L);
    }
    meta.setResourceVersion(String.valueOf(++version));
    var key = new Key(meta.getNamespace(), meta.getName());
    var old = of(ResourceType.of(copy)).put(key, copy);
    tell(ResourceType.of(copy), old, copy);
    return Serialization.clone(copy);
  }

  @Override
  public List<String> namespaces() {
    return List.of("agents");
  }

  @Override
  public void watch(ResourceType type, String labelKey) {}

  @Override
  public Subscription listen(
      ResourceType type,
      BiConsumer<GenericKubernetesResource, GenericKubernetesResource> listener) {
    var ofType = listeners.computeIfAbsent(type, any -> new CopyOnWriteArrayList<>());
    ofType.add(listener);
    return () -> ofType.remove(listener);
  }

  @Override
  public boolean synced(ResourceType type) {
    return synced;
  }

  @Override
  public Map<ResourceType, String> troubles() {
    return Map.of();
  }

  @Override
  public Optional<GenericKubernetesResource> cached(ResourceType type, Key key) {
    watched(type);
    return there(type, key);
  }

  private synchronized Optional<GenericKubernetesResource> there(ResourceType type, Key key) {
    return Optional.ofNullable(of(type).get(key)).map(Serialization::clone);
  }

  @Override
  public List<GenericKubernetesResource> cached(ResourceType type, String namespace) {
    watched(type);
    return there(type, namespace);
  }

  /** What is there, watched or not, for a test to see. */
  public synchronized List<GenericKubernetesResource> there(ResourceType type, String namespace) {
    return of(type).entrySet().stream()
        .filter(e -> e.getKey().namespace().equals(namespace))
        .map(e -> Serialization.clone(e.getValue()))
        .toList();
  }

  @Override
  public List<GenericKubernetesResource> owned(
      ResourceType type, String namespace, String ownerUid) {
    return cached(type, namespace).stream()
        .filter(
            o ->
                o.getMetadata().getOwnerReferences().stream()
                    .anyMatch(ref -> ref.getUid().equals(ownerUid)))
        .toList();
  }

  @Override
  public Optional<GenericKubernetesResource> read(ResourceType type, Key key) {
    asked("get " + type.plural() + " " + key);
    return there(type, key);
  }

  @Override
  public synchronized GenericKubernetesResource create(GenericKubernetesResource object) {
    var key = new Key(object.getMetadata().getNamespace(), object.getMetadata().getName());
    asked("create " + ResourceType.of(object).plural() + " " + key);
    if (of(ResourceType.of(object)).containsKey(key)) {
      throw new AlreadyExists(key.toString(), null);
    }
    return put(object);
  }

  @Override
  @SuppressWarnings("unchecked")
  public synchronized Optional<GenericKubernetesResource> mergePatch(
      ResourceType type, Key key, Map<String, Object> patch) {
    asked("patch " + type.plural() + " " + key);
    var old = of(type).get(key);
    if (old == null) {
      return Optional.empty();
    }
    var tree = Serialization.jsonMapper().convertValue(old, Map.class);
    var wanted =
        ((Map<String, Object>) patch.getOrDefault("metadata", Map.of())).get("resourceVersion");
    if (wanted != null && !wanted.equals(old.getMetadata().getResourceVersion())) {
      throw new Conflict(key.toString(), null);
    }
    merge(tree, patch);
    var merged = Serialization.jsonMapper().convertValue(tree, GenericKubernetesResource.class);
    if (patch.containsKey("spec")) {
      merged.getMetadata().setGeneration(old.getMetadata().getGeneration() + 1);
    }
    if (merged.getMetadata().getDeletionTimestamp() != null
        && merged.getMetadata().getFinalizers().isEmpty()) {
      drop(type, key);
      return Optional.of(merged);
    }
    return Optional.of(put(merged));
  }

  @Override
  public synchronized Optional<GenericKubernetesResource> replaceStatus(
      ResourceType type, Key key, String uid, String resourceVersion, Map<String, Object> status) {
    asked("status " + type.plural() + " " + key);
    var old = of(type).get(key);
    if (old == null) {
      return Optional.empty();
    }
    if (!old.getMetadata().getUid().equals(uid)
        || !old.getMetadata().getResourceVersion().equals(resourceVersion)) {
      throw new Conflict(key.toString(), null);
    }
    var copy = Serialization.clone(old);
    copy.setAdditionalProperty("status", status);
    return Optional.of(put(copy));
  }

  @Override
  public synchronized boolean delete(ResourceType type, Key key, String uid) {
    asked("delete " + type.plural() + " " + key);
    var old = of(type).get(key);
    if (old == null || uid != null && !uid.equals(old.getMetadata().getUid())) {
      return false;
    }
    if (!old.getMetadata().getFinalizers().isEmpty()) {
      var copy = Serialization.clone(old);
      copy.getMetadata().setDeletionTimestamp(Instant.now().toString());
      put(copy);
      return true;
    }
    drop(type, key);
    return true;
  }

  @Override
  public Optional<String> log(Key pod, String container, int maxBytes) {
    asked("log " + pod);
    return Optional.ofNullable(logs.get(pod));
  }

  private void drop(ResourceType type, Key key) {
    tell(type, of(type).remove(key), null);
  }

  private void tell(
      ResourceType type, GenericKubernetesResource old, GenericKubernetesResource now) {
    listeners.getOrDefault(type, List.of()).forEach(listener -> listener.accept(old, now));
  }

  /** ConfigMaps are the one type that is written and never watched. */
  private static void watched(ResourceType type) {
    if (type.equals(ResourceType.CONFIG_MAP)) {
      throw new IllegalStateException(type.plural() + " are not watched");
    }
  }

  private void asked(String request) {
    requests.add(request);
    if (failing.test(request)) {
      throw failure;
    }
  }

  private Map<Key, GenericKubernetesResource> of(ResourceType type) {
    return objects.computeIfAbsent(type, any -> new LinkedHashMap<>());
  }

  @SuppressWarnings("unchecked")
  private static void merge(Map<String, Object> into, Map<String, Object> patch) {
    for (var entry : new ArrayList<>(patch.entrySet())) {
      if (entry.getValue() == null) {
        into.remove(entry.getKey());
      } else if (entry.getValue() instanceof Map<?, ?> nested) {
        var target =
            into.get(entry.getKey()) instanceof Map<?, ?> there
                ? (Map<String, Object>) there
                : new LinkedHashMap<String, Object>();
        merge(target, (Map<String, Object>) nested);
        into.put(entry.getKey(), target);
      } else {
        into.put(entry.getKey(), entry.getValue());
      }
    }
  }
}

package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.telemetry.Meters;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door over a Kubernetes client: one untyped informer per type and watched namespace. */
public final class InformedCluster implements Cluster, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InformedCluster.class);
  private static final int BYTES_A_LOG_LINE_AT_LEAST = 8;

  /**
   * What it may take.
   *
   * @param requestTimeout the longest that one request may last
   * @param pageSize objects per page of a list
   * @param overlayEntries own writes remembered per type and namespace until the watch shows them
   */
  public record Limits(Duration requestTimeout, int pageSize, int overlayEntries) {
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 500, 10_000);
  }

  private record Watched(String labelKey, Map<String, Informed> byNamespace) {}

  private final KubernetesClient client;
  private final ApiServer server;
  private final List<String> namespaces;
  private final Limits limits;
  private final Meters meters;
  private final Map<ResourceType, Watched> watched = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Map<
          ResourceType, List<BiConsumer<GenericKubernetesResource, GenericKubernetesResource>>>
      listeners = new ConcurrentHashMap<>();

  /**
   * @param client one that does not repeat requests by itself, see {@link ClusterClients}; closed
   *     by whoever made it
   * @param namespaces the namespaces to watch; nothing outside them is touched
   */
  public InformedCluster(KubernetesClient client, List<String> namespaces, Limits limits) {
    this(client, namespaces, limits, Meters.unseen());
  }

  /** As above, and counts what the API server tells. */
  public InformedCluster(
      KubernetesClient client, List<String> namespaces, Limits limits, Meters meters) {
    this.client = client;
    this.server = new ApiServer(client, limits.requestTimeout());
    this.namespaces = List.copyOf(namespaces);
    this.limits = limits;
    this.meters = meters;
  }

  @Override
  public List<String> namespaces() {
    return namespaces;
  }

  @Override
  public synchronized void watch(ResourceType type, String labelKey) {
    var running = watched.get(type);
    if (running != null) {
      if (running.labelKey() != null && !running.labelKey().equals(labelKey)) {
        throw new IllegalStateException(
            type.plural() + " are watched by label " + running.labelKey() + " already");
      }
      return;
    }
    var informers = new ConcurrentHashMap<String, Informed>();
    for (var namespace : namespaces) {
      informers.put(
          namespace,
          new Informed(
              client,
              type,
              labelKey,
              namespace,
              limits,
              meters,
              (old, now) -> tell(type, old, now),
              () -> tellShut(namespace)));
    }
    watched.put(type, new Watched(labelKey, informers));
    informers.values().forEach(Informed::start);
  }

  @Override
  public Subscription listen(
      ResourceType type,
      BiConsumer<GenericKubernetesResource, GenericKubernetesResource> listener) {
    var ofType = listeners.computeIfAbsent(type, any -> new CopyOnWriteArrayList<>());
    ofType.add(listener);
    return () -> ofType.remove(listener);
  }

  /**
   * Waits until every watched type is as it stood when this was called, or later: what others had
   * written by then is seen. A type that is missing or forbidden is not waited for; one whose watch
   * tells nothing is listed anew.
   *
   * @param wanted asked again and again; false ends the wait
   * @return true once all is seen
   */
  public boolean catchUp(BooleanSupplier wanted) throws InterruptedException {
    return new CatchUp(server, wanted)
        .all(watched.values().stream().map(Watched::byNamespace).toList());
  }

  @Override
  public boolean synced(ResourceType type) {
    var informers = watched.get(type);
    return informers != null && open(informers).allMatch(Informed::synced);
  }

  @Override
  public Map<ResourceType, String> troubles() {
    var troubles = new HashMap<ResourceType, String>();
    watched.forEach(
        (type, informers) ->
            open(informers)
                .forEach(
                    informed ->
                        informed.trouble().ifPresent(why -> troubles.putIfAbsent(type, why))));
    return troubles;
  }

  @Override
  public Optional<GenericKubernetesResource> cached(ResourceType type, Key key) {
    return informed(type, key.namespace()).flatMap(informed -> informed.get(key.name()));
  }

  @Override
  public List<GenericKubernetesResource> cached(ResourceType type, String namespace) {
    return informed(type, namespace).map(Informed::all).orElse(List.of());
  }

  @Override
  public List<GenericKubernetesResource> owned(
      ResourceType type, String namespace, String ownerUid) {
    return informed(type, namespace)
        .map(informed -> informed.controlledBy(ownerUid))
        .orElse(List.of());
  }

  @Override
  public Optional<GenericKubernetesResource> read(ResourceType type, Key key) {
    if (!namespaces.contains(key.namespace())) {
      return Optional.empty();
    }
    var answer = server.get(ApiServer.path(type, key.namespace(), key.name()));
    if (answer.absent()) {
      return Optional.empty();
    }
    if (!answer.ok()) {
      throw answer.failure("get " + type.plural() + " " + key);
    }
    return Optional.of(object(answer));
  }

  @Override
  public GenericKubernetesResource create(GenericKubernetesResource object) {
    var type = ResourceType.of(object);
    var meta = object.getMetadata();
    var what = "create " + type.plural() + " " + meta.getNamespace() + "/" + meta.getName();
    mine(meta.getNamespace());
    var answer =
        server.send(
            "POST", ApiServer.path(type, meta.getNamespace(), null), "application/json", object);
    if (answer.conflict() && !answer.reason().equals("Conflict")) {
      throw new AlreadyExists(what, null);
    }
    if (!answer.ok()) {
      throw answer.failure(what);
    }
    return wrote(type, object(answer));
  }

  @Override
  public Optional<GenericKubernetesResource> mergePatch(
      ResourceType type, Key key, Map<String, Object> patch) {
    mine(key.namespace());
    return stored(
        "patch",
        type,
        key,
        server.send(
            "PATCH",
            ApiServer.path(type, key.namespace(), key.name()),
            "application/merge-patch+json",
            patch));
  }

  @Override
  public Optional<GenericKubernetesResource> replaceStatus(
      ResourceType type, Key key, String uid, String resourceVersion, Map<String, Object> status) {
    mine(key.namespace());
    var body = new LinkedHashMap<String, Object>();
    body.put("apiVersion", type.apiVersion());
    body.put("kind", type.kind());
    body.put(
        "metadata",
        Map.of(
            "name",
            key.name(),
            "namespace",
            key.namespace(),
            "uid",
            uid,
            "resourceVersion",
            resourceVersion));
    body.put("status", status);
    return stored(
        "status of",
        type,
        key,
        server.send(
            "PUT",
            ApiServer.path(type, key.namespace(), key.name()) + "/status",
            "application/json",
            body));
  }

  @Override
  public boolean delete(ResourceType type, Key key, String uid) {
    mine(key.namespace());
    var options = new LinkedHashMap<String, Object>();
    options.put("apiVersion", "v1");
    options.put("kind", "DeleteOptions");
    options.put("propagationPolicy", "Background");
    if (uid != null) {
      options.put("preconditions", Map.of("uid", uid));
    }
    var answer =
        server.send(
            "DELETE",
            ApiServer.path(type, key.namespace(), key.name()),
            "application/json",
            options);
    if (answer.absent() || answer.conflict()) {
      return false; // gone, or another of that name
    }
    if (!answer.ok()) {
      throw answer.failure("delete " + type.plural() + " " + key);
    }
    rememberDeletion(type, key, uid, answer);
    return true;
  }

  @Override
  public Optional<String> log(Key pod, String container, int maxBytes) {
    if (!namespaces.contains(pod.namespace())) {
      return Optional.empty();
    }
    var path =
        ApiServer.path(ResourceType.POD, pod.namespace(), pod.name())
            + "/log?container="
            + ApiServer.segment(container)
            + "&tailLines="
            + Math.max(1, maxBytes / BYTES_A_LOG_LINE_AT_LEAST);
    var answer = server.tail(path, maxBytes);
    if (answer.absent() || answer.code() == 400) {
      return Optional.empty(); // 400: no such container, or it has not started
    }
    if (!answer.ok()) {
      throw answer.failure("log of " + pod);
    }
    return Optional.of(answer.body());
  }

  /** Stops the informers. The client stays open. */
  @Override
  public void close() {
    watched
        .values()
        .forEach(informers -> informers.byNamespace().values().forEach(Informed::close));
  }

  /** A namespace that is shut holds no other back; where all are shut, each counts. */
  private Stream<Informed> open(Watched informers) {
    var shut = namespaces.stream().filter(this::shut).toList();
    return informers.byNamespace().entrySet().stream()
        .filter(each -> shut.size() == namespaces.size() || !shut.contains(each.getKey()))
        .map(Map.Entry::getValue);
  }

  /** True where every kind is forbidden and none was ever seen: it does not exist, say. */
  private boolean shut(String namespace) {
    return namespaces.size() > 1
        && !watched.isEmpty()
        && watched.values().stream().allMatch(each -> each.byNamespace().get(namespace).shut());
  }

  private void tellShut(String namespace) {
    if (shut(namespace) && told.add(namespace)) {
      LOG.atError()
          .addKeyValue("namespace", namespace)
          .log(
              "This namespace does not exist, or Jangar has no right in it; the others go on, and"
                  + " this one once it may be read");
    }
  }

  private Optional<GenericKubernetesResource> stored(
      String verb, ResourceType type, Key key, ApiServer.Answer answer) {
    if (answer.absent()) {
      return Optional.empty();
    }
    if (!answer.ok()) {
      throw answer.failure(verb + " " + type.plural() + " " + key);
    }
    return Optional.of(wrote(type, object(answer)));
  }

  private GenericKubernetesResource wrote(ResourceType type, GenericKubernetesResource object) {
    var meta = object.getMetadata();
    if (watched.containsKey(type)) {
      informed(type, meta.getNamespace())
          .ifPresent(
              informed -> {
                if (isGone(object)) {
                  informed.deleted(new Key(meta.getNamespace(), meta.getName()), meta.getUid());
                } else {
                  informed.wrote(object);
                }
              });
    }
    return object;
  }

  // the answer is the object itself while finalizers or a grace period hold it, else a Status
  private void rememberDeletion(ResourceType type, Key key, String uid, ApiServer.Answer answer) {
    var body = object(answer);
    var held =
        type.kind().equals(body.getKind()) && body.getMetadata().getDeletionTimestamp() != null;
    if (held) {
      wrote(type, body);
    } else if (uid != null && watched.containsKey(type)) {
      informed(type, key.namespace()).ifPresent(informed -> informed.deleted(key, uid));
    }
  }

  /** True for the last state of an object: whoever took its last finalizer has removed it. */
  private static boolean isGone(GenericKubernetesResource object) {
    var meta = object.getMetadata();
    var grace = meta.getDeletionGracePeriodSeconds();
    return meta.getDeletionTimestamp() != null
        && meta.getFinalizers().isEmpty()
        && (grace == null || grace == 0);
  }

  private Optional<Informed> informed(ResourceType type, String namespace) {
    var informers = watched.get(type);
    if (informers == null) {
      throw new IllegalStateException(type.plural() + " are not watched");
    }
    return Optional.ofNullable(informers.byNamespace().get(namespace));
  }

  private void mine(String namespace) {
    if (!namespaces.contains(namespace)) {
      throw new IllegalArgumentException("namespace " + namespace + " is not watched");
    }
  }

  private void tell(
      ResourceType type, GenericKubernetesResource old, GenericKubernetesResource now) {
    for (var listener : listeners.getOrDefault(type, List.of())) {
      try {
        listener.accept(old, now);
      } catch (RuntimeException e) {
        var meta = (now == null ? old : now).getMetadata();
        LOG.atError()
            .setCause(e)
            .addKeyValue("type", type.plural())
            .addKeyValue("object", meta.getNamespace() + "/" + meta.getName())
            .log("A listener failed; the others were told");
      }
    }
  }

  private static GenericKubernetesResource object(ApiServer.Answer answer) {
    return Serialization.unmarshal(answer.body(), GenericKubernetesResource.class);
  }
}

package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One type in one namespace: its informer, what that has seen, and our own writes laid over it
 * until it has seen them too.
 */
final class Informed implements ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Informed.class);
  private static final String FORBIDDEN = "forbidden";

  private final KubernetesClient client;
  private final String labelKey;
  private final InformedCluster.Limits limits;
  private final String namespace;
  private final ResourceType type;
  private final BiConsumer<GenericKubernetesResource, GenericKubernetesResource> told;
  private final Runnable troubled;
  private final Overlay overlay;
  private final ObjectStore store;
  private final SharedIndexInformer<GenericKubernetesResource> informer;
  private final Meters meters;
  private volatile String trouble;

  Informed(
      KubernetesClient client,
      ResourceType type,
      String labelKey,
      String namespace,
      InformedCluster.Limits limits,
      Meters meters,
      BiConsumer<GenericKubernetesResource, GenericKubernetesResource> told,
      Runnable troubled) {
    this(
        client,
        type,
        labelKey,
        namespace,
        limits,
        meters,
        told,
        troubled,
        new Overlay(limits.overlayEntries()));
  }

  private Informed(
      KubernetesClient client,
      ResourceType type,
      String labelKey,
      String namespace,
      InformedCluster.Limits limits,
      Meters meters,
      BiConsumer<GenericKubernetesResource, GenericKubernetesResource> told,
      Runnable troubled,
      Overlay overlay) {
    this.troubled = troubled;
    this.client = client;
    this.labelKey = labelKey;
    this.limits = limits;
    this.namespace = namespace;
    this.type = type;
    this.told = told;
    this.meters = meters;
    this.overlay = overlay;
    this.store = new ObjectStore(type, overlay);
    var resources = client.genericKubernetesResources(context(type)).inNamespace(namespace);
    var selected = labelKey == null ? resources : resources.withLabel(labelKey);
    this.informer =
        selected
            .withLimit((long) limits.pageSize())
            .runnableInformer(0)
            .itemStore(store)
            .exceptionHandler(this::again)
            .addEventHandler(this);
  }

  /** Another of the same, which has seen nothing yet; it knows our own writes. Not started. */
  Informed anew() {
    return new Informed(client, type, labelKey, namespace, limits, meters, told, troubled, overlay);
  }

  /** Tells what changed between what an older one has seen and what this one has. */
  void tellSince(Informed older) {
    older
        .store
        .values()
        .forEach(
            old -> {
              var now = store.get(store.getKey(old));
              if (now == null || !version(now).equals(version(old))) {
                told.accept(old, now);
              }
            });
  }

  /** The version that it has seen; null before its first list. */
  String version() {
    return informer.lastSyncResourceVersion();
  }

  /** Where a list of one object tells the present version. */
  String probe() {
    return ApiServer.path(type, namespace, null)
        + "?limit=1"
        + (labelKey == null ? "" : "&labelSelector=" + ApiServer.segment(labelKey));
  }

  /** Starts to list and watch; returns at once. */
  void start() {
    informer.start();
  }

  boolean synced() {
    return informer.hasSynced();
  }

  /** True while it may not be listed and never could be. */
  boolean shut() {
    return !informer.hasSynced() && FORBIDDEN.equals(trouble);
  }

  /** Why it does not watch; empty while it does. */
  Optional<String> trouble() {
    if (informer.isWatching()) {
      trouble = null;
      return Optional.empty();
    }
    return Optional.of(trouble == null ? "unreachable" : trouble);
  }

  Optional<GenericKubernetesResource> get(String name) {
    return look(keyOf(name));
  }

  List<GenericKubernetesResource> all() {
    var keys = new LinkedHashSet<String>(overlay.keys());
    store.keySet().forEach(keys::add);
    return keys.stream().map(this::look).flatMap(Optional::stream).toList();
  }

  List<GenericKubernetesResource> controlledBy(String uid) {
    var keys = new LinkedHashSet<String>(overlay.keys());
    keys.addAll(store.controlledBy(uid));
    return keys.stream()
        .map(this::look)
        .flatMap(Optional::stream)
        .filter(object -> ObjectStore.controllerUid(object).filter(uid::equals).isPresent())
        .toList();
  }

  /** The server has answered an own write with this object. */
  void wrote(GenericKubernetesResource object) {
    if (!passed(object.getMetadata().getResourceVersion())) {
      overlay.wrote(store.getKey(object), CachedForm.whole(type, object));
    }
  }

  /** The server has answered that the object of that uid is gone. */
  void deleted(Key key, String uid) {
    overlay.deleted(keyOf(key.name()), uid);
  }

  @Override
  public void onAdd(GenericKubernetesResource now) {
    count(Measure.WATCH_EVENTS, "added");
    told.accept(null, now);
  }

  @Override
  public void onUpdate(GenericKubernetesResource old, GenericKubernetesResource now) {
    count(Measure.WATCH_EVENTS, "modified");
    told.accept(old, now);
  }

  @Override
  public void onDelete(GenericKubernetesResource old, boolean finalStateUnknown) {
    count(Measure.WATCH_EVENTS, "deleted");
    told.accept(old, null);
  }

  @Override
  public void onList(String resourceVersion, boolean remainedEmpty) {
    trouble = null;
    overlay.listed(resourceVersion);
  }

  @Override
  public void close() {
    informer.stop();
  }

  private Optional<GenericKubernetesResource> look(String key) {
    var own = overlay.get(key);
    var seen = store.get(key);
    if (own == null) {
      return Optional.ofNullable(seen);
    }
    if (own.deletion()) {
      return Optional.ofNullable(seen)
          .filter(object -> !object.getMetadata().getUid().equals(own.uid()));
    }
    if (passed(own.version())) {
      overlay.drop(key, own);
      return Optional.ofNullable(store.get(key)); // again: the store is filled before the version
    }
    return Optional.of(own.object());
  }

  private static String version(GenericKubernetesResource object) {
    return object.getMetadata().getResourceVersion();
  }

  private boolean passed(String version) {
    return ResourceVersions.reaches(informer.lastSyncResourceVersion(), version);
  }

  private String keyOf(String name) {
    return namespace + "/" + name;
  }

  private boolean again(boolean started, Throwable failure) {
    var now = cause(failure);
    if (!now.equals(trouble)) {
      LOG.atWarn()
          .addKeyValue("kind", type.plural())
          .addKeyValue("namespace", namespace)
          .addKeyValue("reason", now)
          .addKeyValue("cause", deepest(failure))
          .log("A kind cannot be watched; trying again until it can");
    }
    trouble = now;
    troubled.run();
    count(Measure.WATCH_EVENT_ERRORS, now);
    return true;
  }

  private void count(Measure measure, String event) {
    meters.count(measure, type.plural(), namespace, event);
  }

  private static String deepest(Throwable failure) {
    var at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at.toString();
  }

  private static String cause(Throwable failure) {
    for (var at = failure; at != null; at = at.getCause()) {
      if (at instanceof KubernetesClientException answer) {
        if (answer.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          return "missing";
        }
        if (answer.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
          return FORBIDDEN;
        }
      }
    }
    return "unreachable";
  }

  private static ResourceDefinitionContext context(ResourceType type) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(type.group())
        .withVersion(type.version())
        .withKind(type.kind())
        .withPlural(type.plural())
        .withNamespaced(true)
        .build();
  }
}

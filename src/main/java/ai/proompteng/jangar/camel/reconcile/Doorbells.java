package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Which change in the cluster rings which key: an object its own, a dependent its owner's, a used
 * object its active users'. A change carries a key and nothing else: what stands there is read.
 */
final class Doorbells implements AutoCloseable {

  /**
   * Who is listened to.
   *
   * @param own the kind whose keys are rung
   * @param label only its objects that carry this label; null for all
   * @param owned types whose controller is of that kind
   * @param used kinds that it refers to, directly or through one another
   * @param ingestion who keeps account of what is not reached, if somebody does
   * @param references what an object of that kind refers to
   */
  record Plan(
      ResourceType own,
      String label,
      List<ResourceType> owned,
      List<ResourceType> used,
      Optional<Ingestion> ingestion,
      References references) {}

  private final Cluster cluster;
  private final Plan plan;
  private final Consumer<Key> ring;
  private final Map<ResourceType, UsersIndex> indexes = new HashMap<>();
  private final List<Cluster.Subscription> subscriptions = new ArrayList<>();

  Doorbells(Cluster cluster, Plan plan, Consumer<Key> ring) {
    this.cluster = cluster;
    this.plan = plan;
    this.ring = ring;
    indexes.put(plan.own(), new UsersIndex());
    plan.used().forEach(type -> indexes.put(type, new UsersIndex()));
  }

  /** Starts to listen, rings what is there already, and returns at once. */
  void open() {
    plan.ingestion().ifPresent(account -> account.running(true));
    listen(plan.own(), (old, now) -> heard(one(old, now)));
    plan.owned().forEach(type -> listen(type, (old, now) -> owner(one(old, now))));
    plan.used().forEach(type -> listen(type, (old, now) -> used(type, one(old, now))));
    watch();
    plan.used().forEach(type -> cached(type).forEach(object -> index(type, object)));
    cached(plan.own()).forEach(this::own);
  }

  /** Has what is listened to in the cache; listens to nothing yet. */
  void watch() {
    cluster.watch(plan.own(), plan.label());
    plan.owned().forEach(type -> cluster.watch(type, labelOf(type)));
    plan.used().forEach(type -> cluster.watch(type, null));
  }

  /** Rings every object that is not at rest. From the cache; no request. */
  void resync() {
    for (var namespace : cluster.namespaces()) {
      var open = open(namespace);
      open.stream().map(Untyped::key).forEach(ring);
      plan.ingestion().ifPresent(account -> account.resynced(namespace, open));
    }
  }

  /** The same for once, since what all of them wait for may have come. */
  void ringOpen() {
    cluster.namespaces().stream()
        .flatMap(namespace -> open(namespace).stream())
        .map(Untyped::key)
        .forEach(ring);
  }

  private List<GenericKubernetesResource> open(String namespace) {
    return cluster.cached(plan.own(), namespace).stream().filter(Untyped::isOpen).toList();
  }

  @Override
  public void close() {
    subscriptions.forEach(Cluster.Subscription::close);
    subscriptions.clear();
    plan.ingestion().ifPresent(account -> account.running(false));
  }

  private void heard(GenericKubernetesResource object) {
    plan.ingestion().ifPresent(account -> account.heard(object.getMetadata().getNamespace()));
    own(object);
  }

  private void own(GenericKubernetesResource object) {
    index(plan.own(), object);
    ring.accept(Untyped.key(object));
  }

  private void owner(GenericKubernetesResource dependent) {
    var meta = dependent.getMetadata();
    controller(dependent)
        .or(() -> labelled(dependent))
        .ifPresent(name -> ring.accept(new Key(meta.getNamespace(), name)));
  }

  private void used(ResourceType type, GenericKubernetesResource object) {
    index(type, object);
    ringUsers(type, Untyped.key(object), plan.used().size());
  }

  private void ringUsers(ResourceType type, Key key, int steps) {
    indexes.get(plan.own()).usersOf(type.plural(), key).forEach(ring);
    if (steps > 0) {
      for (var between : plan.used()) {
        for (var user : indexes.get(between).usersOf(type.plural(), key)) {
          ringUsers(between, user, steps - 1);
        }
      }
    }
  }

  // from the cache, not from the change: of two that cross, the later one counts
  private synchronized void index(ResourceType type, GenericKubernetesResource changed) {
    var key = Untyped.key(changed);
    var references =
        type.equals(plan.own()) ? plan.references() : KnownReferences.of(type.plural());
    indexes.get(type).update(key, cluster.cached(type, key).map(references::of).orElse(Set.of()));
  }

  private Optional<String> controller(GenericKubernetesResource dependent) {
    return dependent.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .filter(owner -> plan.own().kind().equals(owner.getKind()))
        .filter(owner -> owner.getApiVersion().startsWith(plan.own().group() + "/"))
        .map(OwnerReference::getName)
        .findFirst();
  }

  // a pod's controller is its Job; the run's name is on its label
  private Optional<String> labelled(GenericKubernetesResource dependent) {
    var labels = dependent.getMetadata().getLabels();
    return isRuns() && labels != null
        ? Optional.ofNullable(labels.get(WellKnown.AGENT_RUN))
        : Optional.empty();
  }

  private String labelOf(ResourceType owned) {
    var ours = owned.group().equals(plan.own().group());
    return isRuns() && !ours ? WellKnown.AGENT_RUN : null;
  }

  private boolean isRuns() {
    return plan.own().equals(ResourceType.of(Kind.AGENT_RUN));
  }

  private List<GenericKubernetesResource> cached(ResourceType type) {
    return cluster.namespaces().stream()
        .flatMap(namespace -> cluster.cached(type, namespace).stream())
        .toList();
  }

  private void listen(
      ResourceType type, BiConsumer<GenericKubernetesResource, GenericKubernetesResource> heard) {
    subscriptions.add(cluster.listen(type, heard));
  }

  private static GenericKubernetesResource one(
      GenericKubernetesResource old, GenericKubernetesResource now) {
    return now == null ? old : now;
  }
}

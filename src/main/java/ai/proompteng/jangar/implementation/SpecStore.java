package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the ImplementationSpecs of items stand: found by identity before name, and written. */
final class SpecStore {
  private static final Kind<ImplementationSpecSpec, ImplementationSpecStatus> KIND =
      Kind.IMPLEMENTATION_SPEC;
  private static final ResourceType TYPE = ResourceType.of(KIND);

  private final Cluster cluster;
  private final SpecIndex index;

  SpecStore(Cluster cluster, SpecIndex index) {
    this.cluster = cluster;
    this.index = index;
  }

  /**
   * What stands in an item's place.
   *
   * @param object the item's own; empty when there is none
   * @param freeName the first of its names that nobody else holds; empty when all are taken
   * @param taken the name that a foreign object holds, before that one
   */
  record Place(
      Optional<Resource<ImplementationSpecSpec, ImplementationSpecStatus>> object,
      Optional<String> freeName,
      Optional<String> taken) {}

  /**
   * Looks for the item's object.
   *
   * @param live ask the server, not the cache: after a conflict, or before giving up on it
   */
  Place look(WorkItem item, boolean live) {
    var indexed = index.find(item).flatMap(key -> get(key, live)).filter(o -> isOf(item, o));
    if (indexed.isPresent()) {
      return new Place(indexed, Optional.empty(), Optional.empty());
    }
    Optional<String> taken = Optional.empty();
    for (var name : SpecNames.of(item)) {
      var there = get(new Key(item.namespace(), name), live);
      if (there.isEmpty()) {
        return new Place(Optional.empty(), Optional.of(name), taken);
      }
      if (isOf(item, there.get())) {
        return new Place(there, Optional.empty(), taken);
      }
      taken = Optional.of(name);
    }
    return new Place(Optional.empty(), Optional.empty(), taken);
  }

  Resource<ImplementationSpecSpec, ImplementationSpecStatus> create(Key key, Imported fields) {
    var object = new GenericKubernetesResource();
    object.setApiVersion(KIND.apiVersion());
    object.setKind(KIND.kind());
    var meta = new ObjectMeta();
    meta.setNamespace(key.namespace());
    meta.setName(key.name());
    meta.setLabels(present(fields.labels()));
    meta.setAnnotations(present(fields.annotations()));
    object.setMetadata(meta);
    object.setAdditionalProperty("spec", presentDeep(fields.spec()));
    return Decoder.attempt(KIND, cluster.create(object)).resource();
  }

  /** Empty when the object is gone. */
  Optional<Resource<ImplementationSpecSpec, ImplementationSpecStatus>> patch(
      Resource<ImplementationSpecSpec, ImplementationSpecStatus> seen, Imported fields) {
    var meta = new LinkedHashMap<String, Object>();
    meta.put("resourceVersion", seen.metadata().resourceVersion());
    meta.put("labels", fields.labels());
    meta.put("annotations", fields.annotations());
    var patch = new LinkedHashMap<String, Object>();
    patch.put("metadata", meta);
    if (!fields.spec().isEmpty()) {
      patch.put("spec", fields.spec());
    }
    return cluster
        .mergePatch(TYPE, seen.key(), patch)
        .map(object -> Decoder.attempt(KIND, object).resource());
  }

  private Optional<Resource<ImplementationSpecSpec, ImplementationSpecStatus>> get(
      Key key, boolean live) {
    var object = live ? cluster.read(TYPE, key) : cluster.cached(TYPE, key);
    return object.map(found -> Decoder.attempt(KIND, found).resource());
  }

  private static boolean isOf(
      WorkItem item, Resource<ImplementationSpecSpec, ImplementationSpecStatus> object) {
    var meta = object.metadata();
    return item.provider().equals(meta.labels().get(WellKnown.SOURCE_PROVIDER))
        && SpecNames.sourceId(item).equals(meta.annotations().get(WellKnown.SOURCE_ID));
  }

  private static Map<String, String> present(Map<String, String> fields) {
    var present = new LinkedHashMap<>(fields);
    present.values().removeIf(value -> value == null);
    return present;
  }

  private static Map<String, Object> presentDeep(Map<String, Object> fields) {
    var present = new LinkedHashMap<String, Object>();
    fields.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> nested) {
            present.put(name, presentDeep(named(nested)));
          } else if (value != null) {
            present.put(name, value);
          }
        });
    return present;
  }

  private static Map<String, Object> named(Map<?, ?> nested) {
    var named = new LinkedHashMap<String, Object>();
    nested.forEach((name, value) -> named.put(String.valueOf(name), value));
    return named;
  }
}

package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;

/** The few things that {@code reconcile:} reads of an untyped object; total on any shape. */
final class Untyped {
  private Untyped() {}

  static Key key(GenericKubernetesResource object) {
    return new Key(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  /** The map of that name; empty where there is none. */
  static Map<?, ?> field(Map<?, ?> of, String name) {
    return of.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  /** True for a run that is over. */
  static boolean isFinal(GenericKubernetesResource object) {
    return field(object.getAdditionalProperties(), "status").get("phase") instanceof String phase
        && Phase.of(phase).filter(Phase::isFinal).isPresent();
  }

  /**
   * True when a resync should ring it: it is being deleted, it is a run that is not over, or its
   * status speaks of another generation than its own.
   */
  static boolean isOpen(GenericKubernetesResource object) {
    var meta = object.getMetadata();
    if (meta.getDeletionTimestamp() != null) {
      return true;
    }
    var status = field(object.getAdditionalProperties(), "status");
    if (object.getKind().endsWith("Run")) {
      return !isFinal(object) && !Phase.Template.name().equals(status.get("phase"));
    }
    return !(status.get("observedGeneration") instanceof Number observed)
        || meta.getGeneration() == null
        || observed.longValue() != meta.getGeneration();
  }
}

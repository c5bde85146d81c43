package ai.proompteng.jangar.camel.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Set;

/**
 * What an object refers to, within its namespace. A bean of this type, named by the option {@code
 * references}, tells {@code reconcile:} whom to ring when a used object changes.
 */
@FunctionalInterface
public interface References {

  /** One object that is referred to. */
  record Reference(String plural, String name) {}

  /**
   * The references that matter now: none for an object that is finished. Total: an object of an
   * unexpected shape has none.
   */
  Set<Reference> of(GenericKubernetesResource object);
}

package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;

/** A kind of the tests' own, so that what the door does is seen apart from what our kinds are. */
final class Widgets {
  record Spec(String colour, Integer size) {}

  record Status(String phase, Instant updatedAt, List<Condition> conditions) {
    Status {
      conditions = conditions == null ? List.of() : conditions;
    }

    static Status of(String phase) {
      return new Status(phase, null, List.of());
    }
  }

  static final Kind<Spec, Status> KIND =
      new Kind<>("test.jangar.dev", "v1", "Widget", "widgets", Spec.class, Status.class);
  static final ResourceType TYPE = ResourceType.of(KIND);

  /** What the server's account may do with them, beside what is its own: values of the chart. */
  static final String RIGHTS =
      """
      rbac:
        extraRules:
          - apiGroups: [test.jangar.dev]
            resources: ["*"]
            verbs: [get, list, watch, create, update, patch, delete]
      """;

  private Widgets() {}

  static String crd(String plural, String kind) {
    return """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: %1$s.test.jangar.dev }
        spec:
          group: test.jangar.dev
          scope: Namespaced
          names: { plural: %1$s, kind: %2$s }
          versions:
            - name: v1
              served: true
              storage: true
              subresources: { status: {} }
              schema:
                openAPIV3Schema:
                  type: object
                  x-kubernetes-preserve-unknown-fields: true
        """
        .formatted(plural, kind);
  }

  static GenericKubernetesResource widget(String namespace, String name) {
    return Serialization.unmarshal(
        """
        apiVersion: test.jangar.dev/v1
        kind: Widget
        metadata: { namespace: %s, name: %s }
        spec: { colour: red }
        """
            .formatted(namespace, name),
        GenericKubernetesResource.class);
  }
}

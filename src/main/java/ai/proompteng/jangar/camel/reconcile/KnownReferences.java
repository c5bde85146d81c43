package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.api.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who refers to whom among our kinds, in one place. */
final class KnownReferences {
  private static final String AGENTS = Kind.AGENT.plural();
  private static final String PROVIDERS = Kind.AGENT_PROVIDER.plural();
  private static final String SPECS = Kind.IMPLEMENTATION_SPEC.plural();
  private static final String MEMORIES = "memories";
  private static final String VCS_PROVIDERS = "versioncontrolproviders";

  private static final References NONE = object -> Set.of();

  private static final Map<String, References> BY_PLURAL =
      Map.of(
          Kind.AGENT_RUN.plural(),
          KnownReferences::ofRun,
          AGENTS,
          KnownReferences::ofAgent,
          SPECS,
          KnownReferences::ofSpec);

  private KnownReferences() {}

  /** The references of that kind's objects; none for a kind that has none. */
  static References of(String plural) {
    return BY_PLURAL.getOrDefault(plural, NONE);
  }

  private static Set<References.Reference> ofRun(GenericKubernetesResource run) {
    if (Untyped.isFinal(run)) {
      return Set.of();
    }
    var spec = Untyped.field(run.getAdditionalProperties(), "spec");
    var references = new HashSet<References.Reference>();
    add(references, AGENTS, spec, "agentRef");
    add(references, SPECS, spec, "implementationSpecRef");
    add(references, MEMORIES, spec, "memoryRef");
    add(references, VCS_PROVIDERS, spec, "vcsRef");
    if (Untyped.field(spec, "workflow").get("steps") instanceof List<?> steps) {
      for (var step : steps) {
        if (step instanceof Map<?, ?> fields) {
          add(references, SPECS, fields, "implementationSpecRef");
        }
      }
    }
    return references;
  }

  private static Set<References.Reference> ofAgent(GenericKubernetesResource agent) {
    var spec = Untyped.field(agent.getAdditionalProperties(), "spec");
    var references = new HashSet<References.Reference>();
    add(references, PROVIDERS, spec, "providerRef");
    add(references, MEMORIES, spec, "memoryRef");
    add(references, VCS_PROVIDERS, spec, "vcsRef");
    return references;
  }

  private static Set<References.Reference> ofSpec(GenericKubernetesResource object) {
    var references = new HashSet<References.Reference>();
    add(
        references,
        VCS_PROVIDERS,
        Untyped.field(object.getAdditionalProperties(), "spec"),
        "vcsRef");
    return references;
  }

  private static void add(
      Collection<References.Reference> to, String plural, Map<?, ?> spec, String field) {
    if (Untyped.field(spec, field).get("name") instanceof String name && !name.isBlank()) {
      to.add(new References.Reference(plural, name));
    }
  }
}

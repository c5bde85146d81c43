package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Hashes;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the cache keeps of an object: no managedFields, and no text of an ImplementationSpec. */
final class CachedForm {
  private static final ResourceType RUN = ResourceType.of(Kind.AGENT_RUN);
  private static final ResourceType SPEC = ResourceType.of(Kind.IMPLEMENTATION_SPEC);

  private CachedForm() {}

  /** The form to store: a {@link GenericKubernetesResource}, or a {@link TerminalRun}. */
  static Object of(ResourceType type, GenericKubernetesResource object) {
    if (type.equals(RUN)) {
      var terminal = TerminalRun.of(object);
      if (terminal.isPresent()) {
        return terminal.get();
      }
    }
    return whole(type, object);
  }

  /** A copy without what is never cached; the object given stays as it is. */
  static GenericKubernetesResource whole(ResourceType type, GenericKubernetesResource object) {
    var kept = new GenericKubernetesResource();
    kept.setApiVersion(object.getApiVersion());
    kept.setKind(object.getKind());
    kept.setMetadata(
        new ObjectMetaBuilder(object.getMetadata()).withManagedFields(List.of()).build());
    kept.setAdditionalProperties(new LinkedHashMap<>(object.getAdditionalProperties()));
    if (type.equals(SPEC)) {
      dropText(kept);
    }
    return kept;
  }

  private static void dropText(GenericKubernetesResource kept) {
    if (!(kept.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec)) {
      return;
    }
    var rest = new LinkedHashMap<String, Object>();
    spec.forEach((field, value) -> rest.put(String.valueOf(field), value));
    var text = rest.remove("text") instanceof String words ? words : "";
    rest.remove("description");
    kept.setAdditionalProperty("spec", rest);
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var annotations = new LinkedHashMap<String, String>();
    if (kept.getMetadata().getAnnotations() != null) {
      annotations.putAll(kept.getMetadata().getAnnotations());
    }
    annotations.put(WellKnown.CACHED_TEXT_BYTES, Integer.toString(bytes.length));
    annotations.put(WellKnown.CACHED_TEXT_BLANK, Boolean.toString(text.isBlank()));
    annotations.put(WellKnown.CACHED_TEXT_SHA256, Hashes.sha256(bytes));
    kept.getMetadata().setAnnotations(annotations);
  }
}

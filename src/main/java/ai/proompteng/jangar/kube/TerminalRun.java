package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.TraceId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is kept of a run that nothing alters any more: enough to know that it is over, since when,
 * and whose it was, in well under 400 bytes (bars.md B7). Whoever wants more asks the server; the
 * annotation {@link WellKnown#CACHED_COMPACT} says so.
 */
record TerminalRun(
    long uidHigh,
    long uidLow,
    long resourceVersion,
    int generation,
    int observedGeneration,
    int ttlSeconds,
    Phase phase,
    boolean guarded,
    String created,
    String finished,
    String reason,
    String agent,
    String implementationSpec,
    long traceHigh,
    long traceLow) {

  private static final int ABSENT = -1;

  /** The compact form; empty for a run that is active, is being deleted, or is out of the usual. */
  static Optional<TerminalRun> of(GenericKubernetesResource object) {
    var meta = object.getMetadata();
    Map<?, ?> status = map(object.getAdditionalProperties().get("status"));
    var phase = Phase.of(text(status.get("phase"))).filter(Phase::isFinal);
    if (phase.isEmpty() || unusual(meta)) {
      return Optional.empty();
    }
    Map<?, ?> spec = map(object.getAdditionalProperties().get("spec"));
    var uid = UUID.fromString(meta.getUid());
    return Optional.of(
        new TerminalRun(
            uid.getMostSignificantBits(),
            uid.getLeastSignificantBits(),
            Long.parseLong(meta.getResourceVersion()),
            meta.getGeneration() == null ? ABSENT : meta.getGeneration().intValue(),
            number(status.get("observedGeneration")),
            number(spec.get("ttlSecondsAfterFinished")),
            phase.get(),
            !meta.getFinalizers().isEmpty(),
            meta.getCreationTimestamp(),
            text(status.get("finishedAt")),
            shared(text(status.get("reason"))),
            shared(text(map(spec.get("agentRef")).get("name"))),
            text(map(spec.get("implementationSpecRef")).get("name")),
            half(meta, 0),
            half(meta, 16)));
  }

  /** The run again, as far as it is known. */
  GenericKubernetesResource restore(String namespace, String name) {
    var object = new GenericKubernetesResource();
    object.setApiVersion(Kind.AGENT_RUN.apiVersion());
    object.setKind(Kind.AGENT_RUN.kind());
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withUid(uid())
            .withResourceVersion(Long.toString(resourceVersion))
            .withGeneration(generation == ABSENT ? null : (long) generation)
            .withCreationTimestamp(created)
            .withFinalizers(guarded ? List.of(WellKnown.RUNTIME_CLEANUP) : List.of())
            .addToAnnotations(annotations())
            .build());
    var spec = new LinkedHashMap<String, Object>();
    put(spec, "agentRef", agent == null ? null : Map.of("name", agent));
    put(
        spec,
        "implementationSpecRef",
        implementationSpec == null ? null : Map.of("name", implementationSpec));
    put(spec, "ttlSecondsAfterFinished", ttlSeconds == ABSENT ? null : ttlSeconds);
    object.setAdditionalProperty("spec", spec);
    var status = new LinkedHashMap<String, Object>();
    put(status, "phase", phase.name());
    put(status, "reason", reason);
    put(status, "finishedAt", finished);
    put(status, "observedGeneration", observedGeneration == ABSENT ? null : observedGeneration);
    object.setAdditionalProperty("status", status);
    return object;
  }

  String uid() {
    return new UUID(uidHigh, uidLow).toString();
  }

  private Map<String, String> annotations() {
    var id = String.format("%016x%016x", traceHigh, traceLow);
    return TraceId.read(id).isPresent()
        ? Map.of(WellKnown.CACHED_COMPACT, "true", WellKnown.TRACE_ID, id)
        : Map.of(WellKnown.CACHED_COMPACT, "true");
  }

  /** Half of its trace id; 0 where it has none. */
  private static long half(ObjectMeta meta, int from) {
    var annotations = meta.getAnnotations();
    var id = annotations == null ? null : annotations.get(WellKnown.TRACE_ID);
    return TraceId.read(id)
        .map(hex -> Long.parseUnsignedLong(hex.substring(from, from + 16), 16))
        .orElse(0L);
  }

  private static boolean unusual(ObjectMeta meta) {
    return meta.getDeletionTimestamp() != null
        || !meta.getOwnerReferences().isEmpty()
        || !(meta.getFinalizers().isEmpty()
            || meta.getFinalizers().equals(List.of(WellKnown.RUNTIME_CLEANUP)))
        || !meta.getUid().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
        || !meta.getResourceVersion().matches("[1-9][0-9]{0,17}");
  }

  private static void put(Map<String, Object> into, String field, Object value) {
    if (value != null) {
      into.put(field, value);
    }
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(Object value) {
    return value instanceof String text ? text : null;
  }

  private static int number(Object value) {
    return value instanceof Number number ? number.intValue() : ABSENT;
  }

  // many runs say the same few words
  private static String shared(String text) {
    return text == null ? null : text.intern();
  }
}

package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Hashes;
import ai.proompteng.jangar.core.Names;
import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The AgentRun that a request asks for: the same one, however often it is asked for. Pure. */
final class RunObjects {
  private static final int MAX_GENERATE_NAME = 253;
  private static final int MAX_PREFIX = 53;
  private static final int HASH = 10;
  private static final String RESERVED = "proompteng.ai/";
  private static final Pattern PREFIX = Pattern.compile("[a-z0-9]([a-z0-9.-]*)?");
  private static final Pattern LABEL_KEY =
      Pattern.compile("([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");

  /** The field that a judgement begins with, as the body has it. */
  private static final Pattern FIELD = Pattern.compile("spec\\.([^\\s:]+).*", Pattern.DOTALL);

  private RunObjects() {}

  /**
   * @param key of the request
   */
  static GenericKubernetesResource of(
      NewRun body, String namespace, String key, Optional<String> traceId) {
    var agent = body.agent().orElseThrow();
    var given = body.metadata() == null ? new NewRun.Metadata(null, null, null) : body.metadata();
    var labels = new LinkedHashMap<>(checked("metadata.labels", given.labels(), true));
    labels.put(WellKnown.DELIVERY_ID, Names.keyLabel(key));
    labels.put(WellKnown.AGENT, Names.labelValue(agent));
    var annotations =
        new LinkedHashMap<>(checked("metadata.annotations", given.annotations(), false));
    traceId.ifPresent(id -> annotations.put(WellKnown.TRACE_ID, id));
    var run = new GenericKubernetesResource();
    run.setApiVersion(Kind.AGENT_RUN.apiVersion());
    run.setKind(Kind.AGENT_RUN.kind());
    run.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name(namespace, agent, key, given.generateName()))
            .withLabels(labels)
            .withAnnotations(annotations)
            // there before the run is: nothing is ever made for it that nobody would tear down
            .withFinalizers(WellKnown.RUNTIME_CLEANUP)
            .build());
    run.setAdditionalProperty(
        "spec",
        Decoder.mapper().convertValue(body.spec(key), new TypeReference<Map<String, Object>>() {}));
    return run;
  }

  /** The object as it is told: who has written which field is nobody's matter here. */
  static Map<String, Object> told(GenericKubernetesResource object) {
    var fields =
        Decoder.mapper()
            .convertValue(object, new TypeReference<LinkedHashMap<String, Object>>() {});
    if (fields.get("metadata") instanceof Map<?, ?> metadata) {
      metadata.remove("managedFields");
    }
    return fields;
  }

  static Optional<String> phase(GenericKubernetesResource run) {
    return run.getAdditionalProperties().get("status") instanceof Map<?, ?> status
            && status.get("phase") instanceof String phase
        ? Optional.of(phase)
        : Optional.empty();
  }

  /** The path in the body of what a judgement is about; empty when it is about another object. */
  static Optional<String> path(String message) {
    var field = FIELD.matcher(message);
    return field.matches()
        ? Optional.of(field.group(1).replaceFirst("^implementation\\.inline", "implementation"))
        : Optional.empty();
  }

  /**
   * A name that is fixed by who asks for what: a repetition meets what it made (agentrun.md 2.9).
   */
  private static String name(String namespace, String agent, String key, String generateName) {
    var wanted = generateName == null || generateName.isBlank() ? agent + "-" : generateName;
    if (wanted.length() > MAX_GENERATE_NAME || !PREFIX.matcher(wanted).matches()) {
      throw ErrorCode.INVALID_FIELD.at(
          "metadata.generateName", "metadata.generateName is no beginning of a name");
    }
    var prefix = wanted.substring(0, Math.min(wanted.length(), MAX_PREFIX));
    var scope = String.join("\n", namespace, Kind.AGENT_RUN.kind(), agent, key);
    return prefix + Hashes.sha256(scope).substring(0, HASH);
  }

  private static Map<String, String> checked(
      String field, Map<String, String> given, boolean labels) {
    if (given == null) {
      return Map.of();
    }
    given.forEach(
        (key, value) -> {
          var path = field + "." + key;
          if (key.contains(RESERVED)) {
            throw ErrorCode.INVALID_FIELD.at(path, path + " is ours to set");
          }
          var legal =
              LABEL_KEY.matcher(key).matches()
                  && value != null
                  && (!labels || LABEL_VALUE.matcher(value).matches());
          if (!legal) {
            throw ErrorCode.INVALID_FIELD.at(path, path + " is not what Kubernetes takes");
          }
        });
    return given;
  }
}

package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container's environment as the kubelet computes it, {@code $(NAME)} included. */
final class Environment {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^()$]+)\\)");

  private final Map<String, String> values = new LinkedHashMap<>();

  private Environment() {}

  /**
   * Resolves it.
   *
   * @throws NotStartable when a Secret, a ConfigMap or a key of them is missing
   */
  static Environment of(Pod pod, Container container, Sandbox.Sources sources) {
    var environment = new Environment();
    for (var from : container.getEnvFrom()) {
      var prefix = from.getPrefix() == null ? "" : from.getPrefix();
      if (from.getConfigMapRef() != null) {
        var ref = from.getConfigMapRef();
        environment.all(
            prefix,
            found("configmap", ref.getName(), ref.getOptional(), sources.configMap(ref.getName())));
      }
      if (from.getSecretRef() != null) {
        var ref = from.getSecretRef();
        environment.all(
            prefix,
            found("secret", ref.getName(), ref.getOptional(), sources.secret(ref.getName())));
      }
    }
    for (var variable : container.getEnv()) {
      if (variable.getValueFrom() == null) {
        var value = variable.getValue() == null ? "" : variable.getValue();
        environment.values.put(variable.getName(), environment.expand(value));
      } else {
        var value = value(pod, variable.getValueFrom(), sources);
        if (value != null) {
          environment.values.put(variable.getName(), value);
        }
      }
    }
    return environment;
  }

  Map<String, String> values() {
    return values;
  }

  /** The text with {@code $(NAME)} replaced where there is such a variable; {@code $$} is one $. */
  String expand(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(1) == null
                        ? "$"
                        : values.getOrDefault(found.group(1), found.group())));
  }

  private void all(String prefix, Map<String, byte[]> entries) {
    entries.forEach((name, value) -> values.put(prefix + name, text(value)));
  }

  private static String value(Pod pod, EnvVarSource from, Sandbox.Sources sources) {
    if (from.getSecretKeyRef() != null) {
      var ref = from.getSecretKeyRef();
      var entries =
          found("secret", ref.getName(), ref.getOptional(), sources.secret(ref.getName()));
      return entry("secret " + ref.getName(), entries, ref.getKey(), ref.getOptional());
    }
    if (from.getConfigMapKeyRef() != null) {
      var ref = from.getConfigMapKeyRef();
      var entries =
          found("configmap", ref.getName(), ref.getOptional(), sources.configMap(ref.getName()));
      return entry("configmap " + ref.getName(), entries, ref.getKey(), ref.getOptional());
    }
    if (from.getFieldRef() != null) {
      return switch (from.getFieldRef().getFieldPath()) {
        case "metadata.name" -> pod.getMetadata().getName();
        case "metadata.namespace" -> pod.getMetadata().getNamespace();
        case "metadata.uid" -> pod.getMetadata().getUid();
        case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
        default ->
            throw new NotStartable(
                "NotSupportedYet", "fieldRef " + from.getFieldRef().getFieldPath());
      };
    }
    throw new NotStartable("NotSupportedYet", "this valueFrom");
  }

  private static Map<String, byte[]> found(
      String kind, String name, Boolean optional, Map<String, byte[]> entries) {
    if (entries != null) {
      return entries;
    }
    if (Boolean.TRUE.equals(optional)) {
      return Map.of();
    }
    throw new NotStartable("CreateContainerConfigError", kind + " \"" + name + "\" not found");
  }

  private static String entry(
      String what, Map<String, byte[]> entries, String key, Boolean optional) {
    if (entries.containsKey(key)) {
      return text(entries.get(key));
    }
    if (Boolean.TRUE.equals(optional)) {
      return null;
    }
    throw new NotStartable("CreateContainerConfigError", what + " has no key " + key);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}

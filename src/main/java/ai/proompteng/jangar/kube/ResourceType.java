package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Locale;

/** What the API server calls a kind of object; {@code group} is empty for the core group. */
public record ResourceType(String group, String version, String kind, String plural) {
  public static final ResourceType JOB = new ResourceType("batch", "v1", "Job", "jobs");
  public static final ResourceType POD = new ResourceType("", "v1", "Pod", "pods");
  public static final ResourceType CONFIG_MAP =
      new ResourceType("", "v1", "ConfigMap", "configmaps");
  public static final ResourceType SECRET = new ResourceType("", "v1", "Secret", "secrets");
  public static final ResourceType EVENT = new ResourceType("", "v1", "Event", "events");

  /** The type of one of our kinds. */
  public static ResourceType of(Kind<?, ?> kind) {
    return new ResourceType(kind.group(), kind.version(), kind.kind(), kind.plural());
  }

  /** The type of that object, its plural formed as the API's words are. */
  public static ResourceType of(GenericKubernetesResource object) {
    var apiVersion = object.getApiVersion();
    int slash = apiVersion.indexOf('/');
    var group = slash < 0 ? "" : apiVersion.substring(0, slash);
    return new ResourceType(
        group,
        apiVersion.substring(slash + 1),
        object.getKind(),
        plural(object.getKind().toLowerCase(Locale.ROOT)));
  }

  private static String plural(String singular) {
    if (singular.matches(".*[^aeiou]y")) {
      return singular.substring(0, singular.length() - 1) + "ies";
    }
    return singular.matches(".*(s|x|ch|sh)") ? singular + "es" : singular + "s";
  }

  /** {@code group/version}, or the version alone in the core group. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}

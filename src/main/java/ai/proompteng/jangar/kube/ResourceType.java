package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;

/** What the API server calls a kind of object; {@code group} is empty for the core group. */
public record ResourceType(String group, String version, String kind, String plural) {
  public static final ResourceType JOB = new ResourceType("batch", "v1", "Job", "jobs");
  public static final ResourceType POD = new ResourceType("", "v1", "Pod", "pods");
  public static final ResourceType CONFIG_MAP =
      new ResourceType("", "v1", "ConfigMap", "configmaps");
  public static final ResourceType EVENT = new ResourceType("", "v1", "Event", "events");

  /** The type of one of our kinds. */
  public static ResourceType of(Kind<?, ?> kind) {
    return new ResourceType(kind.group(), kind.version(), kind.kind(), kind.plural());
  }

  /** {@code group/version}, or the version alone in the core group. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}

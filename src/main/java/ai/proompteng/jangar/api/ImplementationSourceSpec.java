package ai.proompteng.jangar.api;

import java.util.List;
import java.util.Map;

/** {@code ImplementationSource.spec} (integrations-and-helm.md 1.1). Fields may be null. */
public record ImplementationSourceSpec(
    String provider,
    Auth auth,
    Webhook webhook,
    Poll poll,
    Scope scope,
    Map<String, String> mapping) {

  public record Auth(SecretKeyRef secretRef) {}

  public record SecretKeyRef(String name, String key) {}

  public record Webhook(Boolean enabled, SecretKeyRef secretRef, List<SecretKeyRef> secretRefs) {}

  public record Poll(Integer intervalSeconds) {}

  public record Scope(
      String repository,
      String organization,
      String project,
      String team,
      List<String> labels,
      String query) {}
}

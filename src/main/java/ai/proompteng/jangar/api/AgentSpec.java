package ai.proompteng.jangar.api;

import java.util.List;
import java.util.Map;

/** {@code Agent.spec} (agentrun.md 1.3). Fields may be null. */
public record AgentSpec(
    Ref providerRef,
    Map<String, Object> config,
    ObjectKeyRef configSchemaRef,
    List<EnvVar> env,
    Security security,
    Ref memoryRef,
    Ref vcsRef,
    Defaults defaults,
    String deliveryId) {

  public record EnvVar(String name, String value) {}

  /** Allow-lists: absent does not restrict, empty allows none (decision 23). */
  public record Security(
      List<String> allowedSecrets,
      List<String> allowedServiceAccounts,
      List<String> allowedImplementationSourceProviders) {}

  public record Defaults(
      String systemPrompt,
      ObjectKeyRef systemPromptRef,
      Integer timeoutSeconds,
      Integer retryLimit) {}
}

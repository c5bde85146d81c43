package ai.proompteng.jangar.api;

import java.util.List;
import java.util.Map;

/** {@code AgentProvider.spec} (agentrun.md 1.4). Fields may be null. */
public record AgentProviderSpec(
    String binary,
    List<String> argsTemplate,
    Map<String, String> envTemplate,
    List<SecretEnv> secretEnv,
    List<InputFile> inputFiles,
    List<OutputArtifact> outputArtifacts,
    Map<String, Object> adapter,
    Health health,
    Workload workload) {

  public record SecretEnv(String name, String secretName, String key, Boolean optional) {}

  public record InputFile(String path, String content) {}

  public record OutputArtifact(String name, String path, String key, String url) {}

  public record Health(String capacityFailurePolicy) {}

  /** {@code securityContext} is the container's, schemaless. */
  public record Workload(
      String image,
      AgentRunSpec.Resources resources,
      String serviceAccountName,
      ServiceAccountToken serviceAccountToken,
      Map<String, Object> securityContext,
      Boolean automountServiceAccountToken) {}

  public record ServiceAccountToken(String audience, Integer expirationSeconds, String mountPath) {}
}

package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.api.AgentProviderSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What an AgentProvider may ask for and is built later (decision 47). Pure. */
public final class NotBuilt {
  private NotBuilt() {}

  /** The first field that asks for it, from {@code spec} on; empty when none does. */
  public static Optional<String> field(AgentProviderSpec spec) {
    var adapter = Adapter.of(spec);
    return Stream.of(
            when(spec.secretEnv() != null && !spec.secretEnv().isEmpty(), "spec.secretEnv"),
            when(
                spec.health() != null && "block".equals(spec.health().capacityFailurePolicy()),
                "spec.health.capacityFailurePolicy: block"),
            when(
                spec.workload() != null && spec.workload().serviceAccountToken() != null,
                "spec.workload.serviceAccountToken"),
            keyedArtifact(spec),
            when(adapter.map().containsKey("secretEnv"), "spec.adapter.secretEnv"),
            secretEnv(adapter, "codex"),
            secretEnv(adapter, "exec"),
            when(!adapter.type().equals("exec"), "spec.adapter.type: " + adapter.type()),
            keyedByExec(adapter))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> keyedArtifact(AgentProviderSpec spec) {
    var artifacts =
        Optional.ofNullable(spec.outputArtifacts())
            .orElse(List.<AgentProviderSpec.OutputArtifact>of());
    return IntStream.range(0, artifacts.size())
        .filter(i -> artifacts.get(i).key() != null && !artifacts.get(i).key().isBlank())
        .mapToObj(i -> "spec.outputArtifacts[" + i + "].key")
        .findFirst();
  }

  private static Optional<String> keyedByExec(Adapter adapter) {
    return adapter.block("exec").get("outputArtifacts") instanceof List<?> list
        ? IntStream.range(0, list.size())
            .filter(i -> list.get(i) instanceof Map<?, ?> entry && entry.get("key") != null)
            .mapToObj(i -> "spec.adapter.exec.outputArtifacts[" + i + "].key")
            .findFirst()
        : Optional.empty();
  }

  private static Optional<String> secretEnv(Adapter adapter, String block) {
    return when(
        adapter.block(block).containsKey("secretEnv"), "spec.adapter." + block + ".secretEnv");
  }

  private static Optional<String> when(boolean asked, String field) {
    return asked ? Optional.of(field) : Optional.empty();
  }
}

package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.StandardConditions;
import ai.proompteng.jangar.core.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges whether runs can use an AgentProvider (agentrun.md 1.8). It only thinks. */
public final class ProviderReconciler {
  private static final String EXEC = "exec";
  private static final String CODEX = "codex-app-server";

  /** All that is to be said of the provider: each condition of its own, True or False. */
  public List<Condition> judge(ProviderView view) {
    var verdict = verdict(view);
    var said = new ArrayList<>(Verdict.conditions(verdict, Reason.ValidSpec));
    said.add(Condition.no("Warning", Reason.None, ""));
    if (verdict.isEmpty()) {
      said.add(Condition.no(StandardConditions.DEGRADED, Reason.Healthy, ""));
    }
    return List.copyOf(said);
  }

  private static Optional<Verdict> verdict(ProviderView view) {
    if (view.undecodable().isPresent()) {
      return Verdict.invalid(Reason.Undecodable, view.undecodable().get());
    }
    var spec = view.provider().spec();
    if (spec.binary() == null || spec.binary().isBlank()) {
      return Verdict.invalid(Reason.MissingBinary, "spec.binary is missing");
    }
    return unsupported(spec);
  }

  private static Optional<Verdict> unsupported(AgentProviderSpec spec) {
    if (spec.secretEnv() != null && !spec.secretEnv().isEmpty()) {
      return Verdict.notSupportedYet("spec.secretEnv");
    }
    if (spec.health() != null && "block".equals(spec.health().capacityFailurePolicy())) {
      return Verdict.notSupportedYet("spec.health.capacityFailurePolicy: block");
    }
    return keyedArtifact(spec).or(() -> adapter(spec));
  }

  private static Optional<Verdict> keyedArtifact(AgentProviderSpec spec) {
    var artifacts = spec.outputArtifacts();
    for (int i = 0; artifacts != null && i < artifacts.size(); i++) {
      var key = artifacts.get(i).key();
      if (key != null && !key.isBlank()) {
        return Verdict.notSupportedYet("spec.outputArtifacts[" + i + "].key");
      }
    }
    return Optional.empty();
  }

  private static Optional<Verdict> adapter(AgentProviderSpec spec) {
    var adapter = spec.adapter() == null ? Map.<String, Object>of() : spec.adapter();
    if (adapter.containsKey("secretEnv")) {
      return Verdict.notSupportedYet("spec.adapter.secretEnv");
    }
    if (adapter.get("codex") instanceof Map<?, ?> codex && codex.containsKey("secretEnv")) {
      return Verdict.notSupportedYet("spec.adapter.codex.secretEnv");
    }
    var type = adapterType(adapter, spec.binary().trim());
    return type.equals(EXEC)
        ? Optional.empty()
        : Verdict.notSupportedYet("spec.adapter.type: " + type);
  }

  /** The adapter's type, or the one that its binary implies (agentrun.md 4.10). */
  private static String adapterType(Map<String, Object> adapter, String binary) {
    var type = adapter.get("type");
    if (type != null && !type.toString().isBlank()) {
      return type.toString().trim();
    }
    return binary.endsWith("/agent-runner") ? CODEX : EXEC;
  }
}

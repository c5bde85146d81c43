package ai.proompteng.jangar.agent;

import ai.proompteng.jangar.api.AgentSpec;
import ai.proompteng.jangar.api.Ref;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.StandardConditions;
import ai.proompteng.jangar.core.Verdict;
import java.util.List;
import java.util.Optional;

/** Judges whether runs can use an Agent (agentrun.md 1.8). It only thinks. */
public final class AgentReconciler {

  /** All that is to be said of the Agent: each condition of its own, True or False. */
  public List<Condition> judge(AgentView view) {
    return Verdict.conditions(verdict(view), Reason.ValidSpec);
  }

  private static Optional<Verdict> verdict(AgentView view) {
    if (view.undecodable().isPresent()) {
      return Verdict.invalid(Reason.Undecodable, view.undecodable().get());
    }
    return missing(view)
        .or(() -> unsupported(view.agent().spec())) // waiting would not build it
        .or(() -> notReady(view));
  }

  private static Optional<Verdict> missing(AgentView view) {
    var name = Ref.nameOf(view.agent().spec().providerRef());
    if (name.isEmpty()) {
      return Verdict.invalid(Reason.MissingProviderRef, "spec.providerRef.name is missing");
    }
    if (view.provider().isEmpty()) {
      return Verdict.invalid(
          Reason.MissingProvider, "there is no AgentProvider " + name.get() + " in the namespace");
    }
    return Optional.empty();
  }

  private static Optional<Verdict> notReady(AgentView view) {
    var name = Ref.nameOf(view.agent().spec().providerRef()).orElseThrow();
    var ready =
        Conditions.find(view.provider().get().status().conditions(), StandardConditions.READY);
    if (ready.filter(Condition::holds).isPresent()) {
      return Optional.empty();
    }
    return Verdict.notReady(
        Reason.ProviderNotReady,
        "AgentProvider "
            + name
            + ready
                .map(condition -> " is not ready: " + condition.reason())
                .orElse(" has not been looked at yet"));
  }

  private static Optional<Verdict> unsupported(AgentSpec spec) {
    if (spec.memoryRef() != null) {
      return Verdict.notSupportedYet("spec.memoryRef");
    }
    if (spec.vcsRef() != null) {
      return Verdict.notSupportedYet("spec.vcsRef");
    }
    if (spec.configSchemaRef() != null) {
      return Verdict.notSupportedYet("spec.configSchemaRef");
    }
    var defaults = spec.defaults();
    if (defaults != null && defaults.systemPromptRef() != null) {
      return Verdict.notSupportedYet("spec.defaults.systemPromptRef");
    }
    var prompt = defaults == null ? null : defaults.systemPrompt();
    return prompt == null || prompt.isBlank()
        ? Optional.empty()
        : Verdict.notSupportedYet("spec.defaults.systemPrompt");
  }
}

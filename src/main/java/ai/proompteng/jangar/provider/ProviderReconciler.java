package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.StandardConditions;
import ai.proompteng.jangar.core.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges whether runs can use an AgentProvider (agentrun.md 1.8). It only thinks. */
public final class ProviderReconciler {
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
    return NotBuilt.field(spec).flatMap(Verdict::notSupportedYet);
  }
}

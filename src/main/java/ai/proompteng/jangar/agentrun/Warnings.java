package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Reason;
import java.util.Map;

/** What a human should know of a run's spec though it runs (agentrun.md 2.3). Pure. */
final class Warnings {
  private Warnings() {}

  /**
   * The condition {@code Warning} as the spec alone would have it.
   *
   * @param specHash of the spec that was accepted
   */
  static Condition standing(AgentRunSpec spec, String specHash) {
    if (SpecHash.differs(specHash, spec)) { // where an edit does not end the run (2.5)
      return Condition.yes(
          "Warning",
          Reason.SpecImmutableViolation,
          "The spec was edited after the run was accepted: what was accepted goes on");
    }
    var config =
        new RuntimeConfig(
            spec.runtime() == null || spec.runtime().config() == null
                ? Map.of()
                : spec.runtime().config());
    var unknown = config.unknown();
    if (!unknown.isEmpty()) {
      return Condition.yes(
          "Warning",
          Reason.UnknownRuntimeConfig,
          "spec.runtime.config has keys that mean nothing: " + String.join(", ", unknown));
    }
    if (spec.ttlSecondsAfterFinished() != null) {
      return Condition.yes(
          "Warning",
          Reason.NotSupportedYet,
          "spec.ttlSecondsAfterFinished has no effect yet: the run is kept");
    }
    return Condition.no("Warning", Reason.None, "");
  }
}

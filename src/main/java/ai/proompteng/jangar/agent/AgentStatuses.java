package ai.proompteng.jangar.agent;

import ai.proompteng.jangar.api.AgentStatus;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.StandardConditions;
import java.time.Instant;
import java.util.Collection;

/** Says in a status what was judged of an Agent. */
public final class AgentStatuses {
  private AgentStatuses() {}

  /**
   * The complete status.
   *
   * @param old what stands there now
   * @param said what was judged
   * @param generation of the spec that was judged
   */
  public static AgentStatus status(
      AgentStatus old, Collection<Condition> said, Long generation, Instant now) {
    var conditions = Conditions.merge(old.conditions(), StandardConditions.derive(null, said), now);
    return new AgentStatus(conditions, generation, now);
  }
}

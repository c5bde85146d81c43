package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.StandardConditions;
import java.time.Instant;
import java.util.Collection;

/** Says in a status what was judged of an AgentProvider. */
public final class ProviderStatuses {
  private ProviderStatuses() {}

  /**
   * The complete status.
   *
   * @param old what stands there now
   * @param said what was judged
   * @param generation of the spec that was judged
   */
  public static AgentProviderStatus status(
      AgentProviderStatus old, Collection<Condition> said, Long generation, Instant now) {
    var conditions = Conditions.merge(old.conditions(), StandardConditions.derive(null, said), now);
    return new AgentProviderStatus(conditions, generation, now);
  }
}

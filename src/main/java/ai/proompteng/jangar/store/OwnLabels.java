package ai.proompteng.jangar.store;

/**
 * The labels that Jangar puts on work items itself: no event tells of them, so they start nothing.
 */
@FunctionalInterface
public interface OwnLabels {
  /**
   * Notes it, before it is put there.
   *
   * @param sourceId the item's id at its tracker
   * @throws ai.proompteng.jangar.core.Unreachable when the database does not answer
   */
  void note(String namespace, String sourceId, String label);
}

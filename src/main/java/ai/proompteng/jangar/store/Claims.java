package ai.proompteng.jangar.store;

/** One active run per work item and slot: a unique index (decision 45). */
public interface Claims {
  /**
   * The run is final, or gone: its slot is free, and what waited for it as the one next is started.
   * A run without a claim is passed over.
   *
   * @throws ai.proompteng.jangar.core.Unreachable when the database does not answer
   */
  void release(String namespace, String runName, String runUid);
}

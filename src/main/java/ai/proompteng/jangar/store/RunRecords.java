package ai.proompteng.jangar.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What REST reads of runs. Every query stands on an index; throws {@link
 * ai.proompteng.jangar.core.Unreachable}.
 */
public interface RunRecords {
  Optional<RunRecord> find(UUID id);

  Optional<RunRecord> find(String namespace, String name);

  /**
   * Newest first.
   *
   * @param agent null for all
   * @param namespace null for all watched
   * @param statuses empty for all
   * @param after the row to go on behind; null for the first page
   */
  List<RunRecord> list(
      String namespace, String agent, List<String> statuses, int limit, RunRecord after);

  /** The stored end of a run's log. */
  Optional<String> log(String resourceUid);
}

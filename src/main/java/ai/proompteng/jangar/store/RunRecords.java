package ai.proompteng.jangar.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
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
   * Which rows are meant; null or empty for all.
   *
   * @param namespaces one of them
   * @param runtime the runtime's type
   * @param since made then or later
   * @param labels that the run must have
   */
  record Wanted(
      List<String> namespaces,
      String agent,
      List<String> statuses,
      String runtime,
      Instant since,
      Map<String, String> labels) {}

  /**
   * Newest first.
   *
   * @param limit how many at the most
   * @param createdBefore with {@code idBefore} the row to go on behind; null for the first page
   */
  List<RunRecord> list(Wanted wanted, int limit, Instant createdBefore, UUID idBefore);

  /** The stored end of a run's log. */
  Optional<String> log(String resourceUid);
}

package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.WorkItem;
import java.util.Optional;

/**
 * What the ledger remembers of items that were closed, deleted, transferred or out of scope before
 * their first live state was seen: nothing else would, for such a state creates no object
 * (integrations-and-helm.md 1.9, 1.10).
 */
@FunctionalInterface
public interface Endings {
  /** Nothing is remembered. */
  Endings NONE = item -> Optional.empty();

  /**
   * The newest delivery that told such a state of this item (namespace, provider, external id),
   * whatever became of its row: by source version (where it has none, its arrival), then {@code
   * deleted} and {@code transferred} before the others, then arrival. {@code out-of-scope} counts
   * only when it is told by the same source.
   *
   * @throws ai.proompteng.jangar.core.Unreachable when the database does not answer
   */
  Optional<Delivery> last(WorkItem item);
}

package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.store.Deliveries;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A ledger with one last row, of the source {@code agents/s}. */
public record FakeDeliveries(Supplier<Optional<Deliveries.Last>> last) implements Deliveries {

  /** A ledger to which nothing has come. */
  public static FakeDeliveries none() {
    return new FakeDeliveries(Optional::empty);
  }

  @Override
  public Optional<Last> last(String sourceUid) {
    return last.get();
  }

  @Override
  public List<Key> troubled(Duration within) {
    return last.get().stream().map(row -> new Key("agents", "s")).toList();
  }
}

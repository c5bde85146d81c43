package ai.proompteng.jangar.store;

import java.time.Duration;

/** How long a claimed row is kept from others. */
public final class RowLease {
  /** As long as what a killed process had in its hands may wait for another one. */
  public static final Duration LENGTH = Duration.ofSeconds(15);

  private RowLease() {}
}

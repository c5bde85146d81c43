package ai.proompteng.jangar.store;

/** The audit of requests that were denied. */
@FunctionalInterface
public interface Denials {
  /** Adds a row, each time. Throws {@link ai.proompteng.jangar.core.Unreachable} when it cannot. */
  void add(Denial denial);
}

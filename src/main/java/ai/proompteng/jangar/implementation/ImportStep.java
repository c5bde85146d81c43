package ai.proompteng.jangar.implementation;

/** What becomes of one delivery. */
public sealed interface ImportStep {
  /** There is no such object yet. */
  record Create(Imported fields) implements ImportStep {}

  /** The object learns something newer. */
  record Patch(Imported fields) implements ImportStep {}

  /** The object says so already. */
  record Keep() implements ImportStep {}

  /** Nothing to do with us. */
  record Ignore(String why) implements ImportStep {}

  /** The object knows something newer. */
  record Drop() implements ImportStep {}
}

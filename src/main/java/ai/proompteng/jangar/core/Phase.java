package ai.proompteng.jangar.core;

import java.util.Arrays;
import java.util.Optional;

/** The phases of a run (agentrun.md 2.1), spelled as the API spells them. */
public enum Phase {
  Pending,
  Running,
  Succeeded,
  Failed,
  Cancelled,
  Template;

  /** True for the three phases that nothing alters any more. */
  public boolean isFinal() {
    return this == Succeeded || this == Failed || this == Cancelled;
  }

  /** The phase of that name; empty for null, blank, or a word that a newer version may know. */
  public static Optional<Phase> of(String name) {
    return Arrays.stream(values()).filter(phase -> phase.name().equals(name)).findFirst();
  }
}

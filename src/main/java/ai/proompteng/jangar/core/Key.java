package ai.proompteng.jangar.core;

/**
 * Where an object stands: its namespace and its name. What a watch carries, never the object
 * itself.
 */
public record Key(String namespace, String name) {
  /** {@code namespace/name}, as logs and messages show it. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

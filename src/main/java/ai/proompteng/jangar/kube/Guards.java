package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import java.util.Optional;

/**
 * Puts a finalizer on an object and takes it off again; other actors' finalizers survive, and a 404
 * is success.
 */
public final class Guards {
  private final Cluster cluster;

  public Guards(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The object with the finalizer; empty when it is gone. Never re-added while deleting. */
  public <S, T> Optional<Resource<S, T>> add(
      Kind<S, T> kind, Resource<S, T> object, String finalizer) {
    throw new UnsupportedOperationException("guard " + finalizer + " through " + cluster);
  }

  /** Takes the finalizer off. */
  public <S, T> void remove(Kind<S, T> kind, Resource<S, T> object, String finalizer) {
    throw new UnsupportedOperationException("guard " + finalizer + " through " + cluster);
  }
}

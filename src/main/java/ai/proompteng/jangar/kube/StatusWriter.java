package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one way a status is written: complete, compared, and guarded by resourceVersion (decision 5).
 * {@code updatedAt}, {@code lastCheckedAt} and {@code lastValidatedAt} alone are no difference. On
 * a conflict it computes again from what stands there: at once, then twice with backoff.
 */
public final class StatusWriter {
  private final Cluster cluster;

  public StatusWriter(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Writes what the function says of the object, if it is news.
   *
   * @param seen the object the caller decided upon
   * @param status the complete status of the object given, called again after a conflict
   * @return the object as it stands afterwards; empty when it is gone, or another of the same name
   *     stands there
   */
  public <S, T> Optional<Resource<S, T>> write(
      Kind<S, T> kind, Resource<S, T> seen, Function<Resource<S, T>, T> status) {
    throw new UnsupportedOperationException("status of " + kind.kind() + " through " + cluster);
  }
}

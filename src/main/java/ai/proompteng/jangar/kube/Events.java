package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Meta;

/**
 * Kubernetes Events with deterministic names (object's uid, reason), so that one that exists is
 * success (decision 48). What this process has said lately is remembered, so that a repeated pass
 * costs no request. An Event that cannot be written stops nobody.
 */
public final class Events {
  private final Cluster cluster;

  public Events(Cluster cluster) {
    this.cluster = cluster;
  }

  /** All is as it should be. */
  public void normal(Kind<?, ?> kind, Meta object, String reason, String message) {
    throw new UnsupportedOperationException(reason + " through " + cluster);
  }

  /** Somebody should look. */
  public void warning(Kind<?, ?> kind, Meta object, String reason, String message) {
    throw new UnsupportedOperationException(reason + " through " + cluster);
  }
}

package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.kube.Cluster;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Ready once every watched type is in the cache. Says which is not, and why; a watch that breaks
 * later is told as a detail and alters nothing, since what is cached still serves.
 */
public final class ClusterHealthCheck implements HealthCheck {
  private final Cluster cluster;
  private volatile boolean enabled = true;

  public ClusterHealthCheck(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String getGroup() {
    return "jangar";
  }

  @Override
  public String getId() {
    return "cluster";
  }

  @Override
  public boolean isEnabled() {
    return enabled;
  }

  @Override
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  public Result call(Map<String, Object> options) {
    var result = HealthCheckResultBuilder.on(this).up();
    for (var trouble : cluster.troubles().entrySet()) {
      result.detail(trouble.getKey().plural(), trouble.getValue());
      if (!cluster.synced(trouble.getKey())) {
        result.message("Not every watched type is in the cache").down();
      }
    }
    return result.build();
  }
}

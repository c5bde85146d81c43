package ai.proompteng.jangar.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;

/**
 * Clients as the door wants them: no request is repeated behind our back (a write that was repeated
 * is a write done twice), none lasts for ever, and a watch is taken up again for ever.
 */
public final class ClusterClients {
  private static final int WATCH_AGAIN_AFTER_MILLIS = 1_000;
  private static final int FOR_EVER = -1;

  private ClusterClients() {}

  /**
   * A client of that configuration.
   *
   * @param requestTimeout the longest that connecting or one request may last
   */
  public static KubernetesClient open(Config config, Duration requestTimeout) {
    int millis = Math.toIntExact(requestTimeout.toMillis());
    var careful =
        new ConfigBuilder(config)
            .withRequestTimeout(millis)
            .withConnectionTimeout(millis)
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(WATCH_AGAIN_AFTER_MILLIS)
            .withWatchReconnectLimit(FOR_EVER)
            .build();
    return new KubernetesClientBuilder().withConfig(careful).build();
  }
}

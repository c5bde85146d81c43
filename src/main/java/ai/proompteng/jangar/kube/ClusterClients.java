package ai.proompteng.jangar.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;

/**
 * Clients as the door wants them: no request is repeated behind our back (a write that was repeated
 * is a write done twice), none lasts for ever, and a watch is taken up again for ever, also when
 * its connection has died without a word.
 */
public final class ClusterClients {
  private static final int WATCH_AGAIN_AFTER_MILLIS = 1_000;
  private static final int FOR_EVER = -1;

  // the API server sends a bookmark about once a minute: a longer silence is a dead connection
  private static final Duration SILENCE = Duration.ofSeconds(150);

  private ClusterClients() {}

  /**
   * A client of that configuration.
   *
   * @param requestTimeout the longest that connecting or one request may last
   */
  public static KubernetesClient open(Config config, Duration requestTimeout) {
    return open(config, requestTimeout, SILENCE);
  }

  static KubernetesClient open(Config config, Duration requestTimeout, Duration silence) {
    int millis = Math.toIntExact(requestTimeout.toMillis());
    var careful =
        new ConfigBuilder(config)
            .withRequestTimeout(millis)
            .withConnectionTimeout(millis)
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(WATCH_AGAIN_AFTER_MILLIS)
            .withWatchReconnectLimit(FOR_EVER)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(careful)
        .withHttpClientFactory(new Connections(silence))
        .build();
  }

  private static final class Connections extends VertxHttpClientFactory {
    private final Duration silence;

    Connections(Duration silence) {
      this.silence = silence;
    }

    @Override
    protected void additionalConfig(WebClientOptions options) {
      options.setReadIdleTimeout(Math.toIntExact(silence.toSeconds()));
    }
  }
}

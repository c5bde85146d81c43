package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ImplementationSources that take webhooks, kept by the informer's callbacks: a delivery
 * decodes and lists nothing.
 */
public final class WebhookSources {
  /** The most sources that one delivery is tried for (integrations-and-helm.md 3.4). */
  public static final int MAX_CANDIDATES = 200;

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSources.class);
  private static final ResourceType TYPE = ResourceType.of(Kind.IMPLEMENTATION_SOURCE);

  private final Cluster cluster;
  private final ConcurrentSkipListMap<String, WebhookSource> byKey = new ConcurrentSkipListMap<>();

  /** Watches and listens from now on, and takes in what the informers have already. */
  public WebhookSources(Cluster cluster) {
    this.cluster = cluster;
    cluster.listen(TYPE, this::changed);
    cluster.watch(TYPE, null);
    for (var namespace : cluster.namespaces()) {
      cluster.cached(TYPE, namespace).forEach(object -> changed(null, object));
    }
  }

  /**
   * False until the sources have been seen once since the start: then nobody can be turned away.
   */
  public boolean synced() {
    return cluster.synced(TYPE);
  }

  /** The sources of that provider, by namespace and name, the first {@link #MAX_CANDIDATES}. */
  public List<WebhookSource> of(String provider) {
    return byKey.values().stream()
        .filter(source -> provider.equals(source.spec().provider()))
        .limit(MAX_CANDIDATES)
        .toList();
  }

  /** That one source, if it is of the provider. */
  public Optional<WebhookSource> of(String provider, Key key) {
    return Optional.ofNullable(byKey.get(key.toString()))
        .filter(source -> provider.equals(source.spec().provider()));
  }

  private void changed(GenericKubernetesResource old, GenericKubernetesResource now) {
    var meta = (now == null ? old : now).getMetadata();
    var key = new Key(meta.getNamespace(), meta.getName()).toString();
    var source = now == null ? Optional.<WebhookSource>empty() : read(now, key);
    source.ifPresentOrElse(found -> byKey.put(key, found), () -> byKey.remove(key));
  }

  private static Optional<WebhookSource> read(GenericKubernetesResource object, String key) {
    try {
      var source = Decoder.decode(Kind.IMPLEMENTATION_SOURCE, object);
      var webhook = source.spec().webhook();
      boolean takes =
          webhook != null
              && Boolean.TRUE.equals(webhook.enabled())
              && !source.metadata().deleting();
      return takes
          ? Optional.of(new WebhookSource(source.metadata(), source.spec()))
          : Optional.empty();
    } catch (Decoder.Undecodable e) {
      LOG.atDebug()
          .setCause(e)
          .addKeyValue("implementationSource", key)
          .log("A source that does not decode takes no webhooks");
      return Optional.empty();
    }
  }
}

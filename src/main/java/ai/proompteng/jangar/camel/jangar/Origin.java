package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.VerifiedSource;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * Where an exchange comes from, and so which sources its items may name (decision 46). What came
 * over HTTP may name those that it was verified for; a route's own items a source of the endpoint's
 * namespace, or a free word.
 */
sealed interface Origin {
  Set<String> HTTP =
      Set.of("platform-http", "rest", "servlet", "jetty", "undertow", "netty-http", "webhook");
  String CUSTOM = "custom";

  /**
   * The item with the source's namespace, uid and provider.
   *
   * @throws Unverified when the exchange may not name that source
   */
  WorkItem sourced(WorkItem item);

  /**
   * @throws Unverified when it came over HTTP and no verifier has marked it
   */
  static Origin of(Exchange exchange, Cluster cluster, String namespace) {
    if (!overHttp(exchange)) {
      return new Own(cluster, namespace, true);
    }
    if (exchange.getProperty(JangarConstants.VERIFIED) instanceof List<?> sources) {
      return new Verified(sources.stream().map(VerifiedSource.class::cast).toList());
    }
    if (Boolean.TRUE.equals(exchange.getProperty(JangarConstants.OPEN))) {
      return new Own(cluster, namespace, false);
    }
    throw new Unverified(
        "route "
            + exchange.getFromRouteId()
            + " stores what came over HTTP without a verifying step before jangar:intake");
  }

  private static boolean overHttp(Exchange exchange) {
    var from = exchange.getFromEndpoint();
    return from != null && HTTP.contains(scheme(from.getEndpointUri()));
  }

  private static String scheme(String uri) {
    int colon = uri.indexOf(':');
    return colon < 0 ? uri : uri.substring(0, colon);
  }

  private static WorkItem with(
      WorkItem item, String namespace, String source, String uid, String provider) {
    return new WorkItem(
        source,
        namespace,
        uid,
        provider,
        item.externalId(),
        item.sourceId() == null ? item.externalId() : item.sourceId(),
        item.deliveryId(),
        item.version(),
        item.event(),
        item.action(),
        item.state(),
        item.summary(),
        item.text(),
        item.labels(),
        item.acceptanceCriteria(),
        item.url(),
        item.movedTo(),
        item.bodySha256(),
        item.traceId());
  }

  /** The sources whose secret verified the request. */
  record Verified(List<VerifiedSource> sources) implements Origin {
    @Override
    public WorkItem sourced(WorkItem item) {
      return sources.stream()
          .filter(source -> named(source, item))
          .findFirst()
          .map(
              source ->
                  with(item, source.namespace(), source.name(), source.uid(), source.provider()))
          .orElseThrow(
              () -> new Unverified("the request was not verified for source " + item.source()));
    }

    private static boolean named(VerifiedSource source, WorkItem item) {
      return item.sourceUid() != null
          ? source.uid().equals(item.sourceUid())
          : source.name().equals(item.source())
              && (item.namespace() == null || source.namespace().equals(item.namespace()));
    }
  }

  /**
   * What the route itself says.
   *
   * @param named whether it may name an ImplementationSource
   */
  record Own(Cluster cluster, String namespace, boolean named) implements Origin {
    private static final ResourceType SOURCES = ResourceType.of(Kind.IMPLEMENTATION_SOURCE);

    @Override
    public WorkItem sourced(WorkItem item) {
      if (!cluster.namespaces().contains(namespace)) {
        throw new Rejected(Reason.InvalidPayload, "namespace " + namespace + " is not watched");
      }
      if (!cluster.synced(SOURCES)) {
        throw new Unreachable("the sources are not known yet");
      }
      var source =
          cluster
              .cached(Kind.IMPLEMENTATION_SOURCE, new Key(namespace, item.source()))
              .orElse(null);
      if (source == null) {
        return with(item, namespace, item.source(), "route:" + item.source(), CUSTOM);
      }
      if (!named) {
        throw new Unverified("nobody has verified that this comes from source " + item.source());
      }
      return with(
          item, namespace, item.source(), source.metadata().uid(), source.spec().provider());
    }
  }
}

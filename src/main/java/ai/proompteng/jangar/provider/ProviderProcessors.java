package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.camel.reconcile.ReconcileConstants;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Exchange;

/** The hands of {@link ProviderRoutes}. */
public final class ProviderProcessors {
  private final Cluster cluster;
  private final StatusWriter statuses;
  private final Clock clock;

  public ProviderProcessors(Cluster cluster, StatusWriter statuses, Clock clock) {
    this.cluster = cluster;
    this.statuses = statuses;
    this.clock = clock;
  }

  /** Key in, {@link ProviderView} out; the route ends here when the provider is gone. */
  void load(Exchange exchange) {
    var key = exchange.getMessage().getBody(Key.class);
    var object = cluster.cached(ResourceType.of(Kind.AGENT_PROVIDER), key);
    if (object.isEmpty()) {
      exchange.setRouteStop(true);
      return;
    }
    var attempt = Decoder.attempt(Kind.AGENT_PROVIDER, object.get());
    exchange.setProperty(ReconcileConstants.UNDECODABLE, attempt.trouble().isPresent());
    exchange.getMessage().setBody(new ProviderView(attempt.resource(), attempt.trouble()));
  }

  /** Writes what the variable {@code said} holds of the {@link ProviderView} in the body. */
  void report(Exchange exchange) {
    var provider = exchange.getMessage().getBody(ProviderView.class).provider();
    @SuppressWarnings("unchecked")
    List<Condition> said = exchange.getVariable("said", List.class);
    statuses.write(
        Kind.AGENT_PROVIDER,
        provider,
        now ->
            ProviderStatuses.status(
                now.status(), said, provider.metadata().generation(), clock.instant()));
  }
}

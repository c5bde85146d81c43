package ai.proompteng.jangar.agent;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.api.AgentSpec;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Ref;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.camel.reconcile.ReconcileConstants;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/** The hands of {@link AgentRoutes}. */
public final class AgentProcessors {
  private final Cluster cluster;
  private final StatusWriter statuses;
  private final Clock clock;

  public AgentProcessors(Cluster cluster, StatusWriter statuses, Clock clock) {
    this.cluster = cluster;
    this.statuses = statuses;
    this.clock = clock;
  }

  /** Key in, {@link AgentView} out; the route ends here when the Agent is gone. */
  void load(Exchange exchange) {
    var key = exchange.getMessage().getBody(Key.class);
    var object = cluster.cached(ResourceType.of(Kind.AGENT), key);
    if (object.isEmpty()) {
      exchange.setRouteStop(true);
      return;
    }
    var attempt = Decoder.attempt(Kind.AGENT, object.get());
    exchange.setProperty(ReconcileConstants.UNDECODABLE, attempt.trouble().isPresent());
    var provider = provider(key, attempt.resource().spec());
    exchange.getMessage().setBody(new AgentView(attempt.resource(), attempt.trouble(), provider));
  }

  /** Writes what the variable {@code said} holds of the {@link AgentView} in the body. */
  void report(Exchange exchange) {
    var agent = exchange.getMessage().getBody(AgentView.class).agent();
    @SuppressWarnings("unchecked")
    List<Condition> said = exchange.getVariable("said", List.class);
    statuses.write(
        Kind.AGENT,
        agent,
        now ->
            AgentStatuses.status(
                now.status(), said, agent.metadata().generation(), clock.instant()));
  }

  private Optional<Resource<AgentProviderSpec, AgentProviderStatus>> provider(
      Key agent, AgentSpec spec) {
    return Ref.nameOf(spec.providerRef())
        .flatMap(
            name ->
                cluster.cached(
                    ResourceType.of(Kind.AGENT_PROVIDER), new Key(agent.namespace(), name)))
        .map(object -> Decoder.attempt(Kind.AGENT_PROVIDER, object).resource());
  }
}

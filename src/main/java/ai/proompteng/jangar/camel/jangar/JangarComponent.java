package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.camel.LeaderPolicy;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.store.Bell;
import ai.proompteng.jangar.store.Ledger;
import ai.proompteng.jangar.store.PostgresOutbox;
import ai.proompteng.jangar.store.WorkItemRuns;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * What a route may say to Jangar and hear from it: {@code jangar:intake} takes work, {@code
 * jangar:run} asks for a run, {@code jangar:events} tells what happened. {@code jangar:ledger} is
 * for Jangar's own drain.
 */
@Component("jangar")
public final class JangarComponent extends DefaultComponent {
  @Metadata(description = "Where intake stores work and the drain takes it", required = true)
  private Ledger ledger;

  @Metadata(description = "Where events come from", required = true)
  private PostgresOutbox outbox;

  @Metadata(description = "Who holds which slot of a work item", required = true)
  private WorkItemRuns claims;

  @Metadata(description = "Where runs are created and sources are looked up", required = true)
  private Cluster cluster;

  @Metadata(description = "What wakes the consumers; without it they poll")
  private Bell bell;

  @Metadata(
      description = "Namespace of work whose source is a free word, unless the endpoint says one",
      defaultValue = "agents")
  private String namespace = "agents";

  private BooleanSupplier leads = () -> true;
  private ClaimKeeper keeper;

  /**
   * Says that the subscriptions of all routes are alive, run here or not, but for those with {@code
   * autoStartup: false} (decision 33). To be called before anything reconciles: what happens
   * earlier is not theirs.
   *
   * @throws ai.proompteng.jangar.core.Unreachable when the database does not answer: call again
   */
  public void registerAll() {
    for (var route : getCamelContext().getRoutes()) {
      if (route.getEndpoint() instanceof JangarEndpoint endpoint
          && endpoint.getVerb() == JangarEndpoint.Verb.events
          && startsByItself(route)) {
        outbox.register(endpoint.subscription(route.getRouteId()), endpoint.types());
      }
    }
  }

  /** At the start, or with the lead. */
  private static boolean startsByItself(Route route) {
    return route.isAutoStartup()
        || route.getRoutePolicyList().stream()
            .anyMatch(policy -> policy instanceof LeaderPolicy leader && leader.starts(route));
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var endpoint = new JangarEndpoint(uri, this, verb(remaining));
    endpoint.setNamespace(namespace);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    if (claims != null && cluster != null) {
      keeper = new ClaimKeeper(claims, new RunCreator(cluster), cluster, bell, leads);
      keeper.start(
          getCamelContext()
              .getExecutorServiceManager()
              .newSingleThreadScheduledExecutor(this, "jangar-claims"));
    }
  }

  @Override
  protected void doStop() throws Exception {
    if (keeper != null) {
      getCamelContext().getExecutorServiceManager().shutdownNow(keeper.stop());
      keeper = null;
    }
    super.doStop();
  }

  private static JangarEndpoint.Verb verb(String word) {
    return Arrays.stream(JangarEndpoint.Verb.values())
        .filter(verb -> verb.name().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "jangar:"
                        + word
                        + " is none of "
                        + Arrays.stream(JangarEndpoint.Verb.values())
                            .map(verb -> "jangar:" + verb)
                            .collect(Collectors.joining(", "))));
  }

  public Ledger getLedger() {
    return ledger;
  }

  public void setLedger(Ledger ledger) {
    this.ledger = ledger;
  }

  public PostgresOutbox getOutbox() {
    return outbox;
  }

  public void setOutbox(PostgresOutbox outbox) {
    this.outbox = outbox;
  }

  public WorkItemRuns getClaims() {
    return claims;
  }

  public void setClaims(WorkItemRuns claims) {
    this.claims = claims;
  }

  public Cluster getCluster() {
    return cluster;
  }

  public void setCluster(Cluster cluster) {
    this.cluster = cluster;
  }

  public Bell getBell() {
    return bell;
  }

  public void setBell(Bell bell) {
    this.bell = bell;
  }

  /** True while this process finishes what a crash has left; always, unless told. */
  public void setLeads(BooleanSupplier leads) {
    this.leads = leads;
  }

  public String getNamespace() {
    return namespace;
  }

  public void setNamespace(String namespace) {
    this.namespace = namespace;
  }
}

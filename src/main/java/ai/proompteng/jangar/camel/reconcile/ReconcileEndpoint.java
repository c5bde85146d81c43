package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.InformedCluster;
import ai.proompteng.jangar.kube.ResourceType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.kubernetes.AbstractKubernetesEndpoint;
import org.apache.camel.component.kubernetes.KubernetesConfiguration;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.CamelContextHelper;

/**
 * Emits the keys of a kind's objects whenever they, what they own or what they use has changed, and
 * again until the route succeeds. As a producer, rings the key in the body.
 *
 * <p>The body is a {@link ai.proompteng.jangar.core.Key}. A key is never in two exchanges at once;
 * one that is rung while it is worked on comes once more. A failed exchange comes back after a
 * growing time, for ever. Namespace, label and client options are those of the Kubernetes
 * components.
 */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "reconcile",
    title = "Reconcile",
    syntax = "reconcile:plural",
    category = {Category.CONTAINER, Category.CLOUD})
public class ReconcileEndpoint extends AbstractKubernetesEndpoint {
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);

  private final ReconcileComponent component;
  private final ResourceType type;
  private InformedCluster own;

  @UriPath(description = "The kind's plural, agentruns for example")
  @Metadata(required = true)
  private final String plural;

  @UriParam(label = "consumer", description = "Plurals of types that ring their controller")
  private String owns;

  @UriParam(label = "consumer", description = "Plurals of kinds that ring their active users")
  private String uses;

  @UriParam(
      label = "consumer",
      description = "Name of a References bean that tells what an object uses")
  private String references;

  @UriParam(label = "consumer", defaultValue = "4", description = "Keys worked on at once")
  private int concurrency = 4;

  @UriParam(
      label = "consumer",
      defaultValue = "60s",
      description = "How often objects that are not at rest are rung anyway; 0 for never")
  private Duration resync = Duration.ofSeconds(60);

  @UriParam(
      label = "consumer",
      defaultValue = "5s",
      description = "The wait after the first failure; doubled at each further one")
  private Duration backoff = WorkQueue.Backoff.DEFAULT.first();

  @UriParam(label = "consumer", defaultValue = "5m", description = "The longest wait")
  private Duration maximumBackoff = WorkQueue.Backoff.DEFAULT.longest();

  @UriParam(
      label = "consumer",
      defaultValue = "8s",
      description = "How long a stop waits for the keys that are being worked on")
  private Duration drainTimeout = Duration.ofSeconds(8);

  ReconcileEndpoint(
      String uri,
      ReconcileComponent component,
      ResourceType type,
      KubernetesConfiguration configuration) {
    super(uri, component, configuration);
    this.component = component;
    this.type = type;
    this.plural = type.plural();
  }

  @Override
  public Producer createProducer() {
    return new ReconcileProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    var consumer = new ReconcileConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public boolean isSingleton() {
    return true;
  }

  @Override
  public ReconcileComponent getComponent() {
    return component;
  }

  @Override
  protected void doStart() throws Exception {
    if (component.getCluster() == null) {
      super.doStart();
    }
  }

  @Override
  protected void doStop() throws Exception {
    if (own != null) {
      own.close();
      own = null;
    }
    super.doStop();
  }

  /** The component's cluster, or one made of this endpoint's client and namespace options. */
  Cluster cluster() {
    if (component.getCluster() != null) {
      return component.getCluster();
    }
    if (own == null) {
      var namespaces = words(getConfiguration().getNamespace());
      own =
          new InformedCluster(
              getKubernetesClient(),
              namespaces.isEmpty() ? List.of(getKubernetesClient().getNamespace()) : namespaces,
              InformedCluster.Limits.DEFAULT);
    }
    return own;
  }

  /** Has in the cache what a consumer would look at, before there is one. */
  public void watch() {
    new Doorbells(cluster(), plan(), key -> {}).watch();
  }

  Doorbells.Plan plan() {
    return new Doorbells.Plan(
        type,
        getConfiguration().getLabelKey(),
        words(owns).stream().map(KnownTypes::of).toList(),
        words(uses).stream().map(KnownTypes::of).toList(),
        type.equals(RUNS) ? Optional.ofNullable(component.getIngestion()) : Optional.empty(),
        references == null
            ? KnownReferences.of(plural)
            : CamelContextHelper.mandatoryLookup(getCamelContext(), references, References.class));
  }

  /** True for a namespace whose keys are wanted here: all, unless the option names some. */
  boolean wants(String namespace) {
    var named = words(getConfiguration().getNamespace());
    return named.isEmpty() || named.contains(namespace);
  }

  /** The kind's name, AgentRun for example. */
  String kind() {
    return type.kind();
  }

  WorkQueue.Backoff backoffPlan() {
    return new WorkQueue.Backoff(backoff, maximumBackoff, WorkQueue.Backoff.DEFAULT.jitter());
  }

  private static List<String> words(String list) {
    return list == null
        ? List.of()
        : Arrays.stream(list.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
  }

  public String getPlural() {
    return plural;
  }

  public String getOwns() {
    return owns;
  }

  /** Plurals of types that ring their controller, with commas between. */
  public void setOwns(String owns) {
    this.owns = owns;
  }

  public String getUses() {
    return uses;
  }

  /** Plurals of kinds that ring their active users, with commas between. */
  public void setUses(String uses) {
    this.uses = uses;
  }

  public String getReferences() {
    return references;
  }

  /** Name of a {@link References} bean; what our kinds refer to is known without one. */
  public void setReferences(String references) {
    this.references = references;
  }

  public int getConcurrency() {
    return concurrency;
  }

  /** How many keys are worked on at once. */
  public void setConcurrency(int concurrency) {
    this.concurrency = concurrency;
  }

  public Duration getResync() {
    return resync;
  }

  /** How often objects that are not at rest are rung anyway; zero for never. */
  public void setResync(Duration resync) {
    this.resync = resync;
  }

  public Duration getBackoff() {
    return backoff;
  }

  /** The wait after the first failure; doubled at each further one. */
  public void setBackoff(Duration backoff) {
    this.backoff = backoff;
  }

  public Duration getMaximumBackoff() {
    return maximumBackoff;
  }

  /** The longest wait after a failure, before jitter. */
  public void setMaximumBackoff(Duration maximumBackoff) {
    this.maximumBackoff = maximumBackoff;
  }

  public Duration getDrainTimeout() {
    return drainTimeout;
  }

  /** How long a stop waits for the keys that are being worked on. */
  public void setDrainTimeout(Duration drainTimeout) {
    this.drainTimeout = drainTimeout;
  }
}

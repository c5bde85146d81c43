package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kubernetes.AbstractKubernetesComponent;
import org.apache.camel.component.kubernetes.AbstractKubernetesEndpoint;
import org.apache.camel.component.kubernetes.KubernetesConfiguration;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.CamelContextHelper;

/** {@code reconcile:<plural>}: a control loop's keys, one at a time. */
@Component("reconcile")
public class ReconcileComponent extends AbstractKubernetesComponent {
  // for masterUrl: "the client's own configuration decides"
  private static final String DEFAULT_CLIENT = "client";

  @Metadata(autowired = true)
  private Cluster cluster;

  @Metadata(
      description = "Keys that an endpoint works on at once, unless it says",
      defaultValue = "4")
  private int concurrency = 4;

  @Metadata(
      description = "How often an endpoint rings what is not at rest, unless it says",
      defaultValue = "60s")
  private Duration resync = Duration.ofSeconds(60);

  @Metadata(description = "Where passes are measured", autowired = true)
  private Meters meters = Meters.unseen();

  @Metadata(description = "Who keeps account of runs that no pass reaches", autowired = true)
  private Ingestion ingestion;

  private final Map<String, ReconcileConsumer> started = new ConcurrentHashMap<>();

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var configuration = new KubernetesConfiguration();
    configuration.setMasterUrl(DEFAULT_CLIENT);
    configuration.setKubernetesClient(getKubernetesClient());
    setProperties(configuration, parameters);
    var endpoint = doCreateEndpoint(uri, remaining, configuration);
    if (endpoint instanceof ReconcileEndpoint loop) {
      loop.setConcurrency(concurrency);
      loop.setResync(resync);
    }
    setProperties(endpoint, parameters);
    return endpoint;
  }

  @Override
  protected AbstractKubernetesEndpoint doCreateEndpoint(
      String uri, String remaining, KubernetesConfiguration configuration) {
    return new ReconcileEndpoint(uri, this, KnownTypes.of(remaining), configuration);
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    if (cluster == null) {
      cluster = CamelContextHelper.findSingleByType(getCamelContext(), Cluster.class);
    }
    if (getKubernetesClient() == null) {
      setKubernetesClient(
          CamelContextHelper.findSingleByType(getCamelContext(), KubernetesClient.class));
    }
  }

  /** Rings a key of that kind, if a route of this process consumes them now. */
  void ring(String plural, Key key) {
    var consumer = started.get(plural);
    if (consumer != null) {
      consumer.ring(key);
    }
  }

  /** Rings every object of that kind that is not at rest, if a route consumes them now. */
  public void ringOpen(String plural) {
    var consumer = started.get(plural);
    if (consumer != null) {
      consumer.ringOpen();
    }
  }

  void started(String plural, String kind, ReconcileConsumer consumer) {
    if (started.putIfAbsent(plural, consumer) != null) {
      throw new IllegalStateException("reconcile:" + plural + " is consumed by another route");
    }
    meters.gauge(Measure.WORKQUEUE_DEPTH, () -> count(plural, WorkQueue::length), kind);
    meters.gauge(Measure.WORKQUEUE_RETRIES, () -> count(plural, WorkQueue::failing), kind);
  }

  /** Of the queue that is worked on now; 0 while none is. */
  private int count(String plural, ToIntFunction<WorkQueue<Key>> what) {
    var consumer = started.get(plural);
    return consumer == null ? 0 : consumer.count(what);
  }

  void stopped(String plural, ReconcileConsumer consumer) {
    started.remove(plural, consumer);
  }

  /** The cluster that all endpoints share; null to have each make its own from its options. */
  public Cluster getCluster() {
    return cluster;
  }

  /** The cluster to use. Found in the registry when there is one. */
  public void setCluster(Cluster cluster) {
    this.cluster = cluster;
  }

  public Ingestion getIngestion() {
    return ingestion;
  }

  /** Who keeps account of runs that no pass reaches; nobody unless it is said. */
  public void setIngestion(Ingestion ingestion) {
    this.ingestion = ingestion;
  }

  public Meters getMeters() {
    return meters;
  }

  /** Where passes are measured; nowhere unless it is said. */
  public void setMeters(Meters meters) {
    this.meters = meters;
  }

  public int getConcurrency() {
    return concurrency;
  }

  public void setConcurrency(int concurrency) {
    this.concurrency = concurrency;
  }

  public Duration getResync() {
    return resync;
  }

  public void setResync(Duration resync) {
    this.resync = resync;
  }
}

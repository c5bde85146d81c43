package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  private final Map<String, ReconcileConsumer> started = new ConcurrentHashMap<>();

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var configuration = new KubernetesConfiguration();
    configuration.setMasterUrl(DEFAULT_CLIENT);
    configuration.setKubernetesClient(getKubernetesClient());
    setProperties(configuration, parameters);
    var endpoint = doCreateEndpoint(uri, remaining, configuration);
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

  void started(String plural, ReconcileConsumer consumer) {
    if (started.putIfAbsent(plural, consumer) != null) {
      throw new IllegalStateException("reconcile:" + plural + " is consumed by another route");
    }
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
}

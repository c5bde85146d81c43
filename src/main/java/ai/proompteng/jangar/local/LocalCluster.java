package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;

/** A cluster on this machine: the embedded API server, its Job controller and its kubelet. */
final class LocalCluster implements AutoCloseable {
  private static final String NAMESPACE = "agents";

  // a laptop may be busy when it starts
  private static final int PATIENCE_MILLIS = 60_000;

  private final LocalApiServer server;
  private final KubernetesClient client;
  private final LocalJobs jobs;
  private final LocalKubelet kubelet;

  private LocalCluster(
      LocalApiServer server, KubernetesClient client, LocalJobs jobs, LocalKubelet kubelet) {
    this.server = server;
    this.client = client;
    this.jobs = jobs;
    this.kubelet = kubelet;
  }

  /**
   * Starts it, with the definitions and the namespace in it.
   *
   * @param folder where kubeconfig, certificate and runs go
   * @param token what every request must bring
   * @param definitions the folder of the CustomResourceDefinitions
   * @param podsAtOnce how many pods run at the same time
   */
  static LocalCluster start(
      LocalFolder folder, String token, Path definitions, int podsAtOnce, Clock clock)
      throws IOException {
    var certificate = Certificate.make(folder.path().resolve("api-server.p12"), token);
    var logs = new LateLogs();
    var server =
        LocalApiServer.start(certificate, token, new ApiRequests(new LocalObjects(), logs, clock));
    var kubeconfig =
        folder.write(
            "kubeconfig", Kubeconfig.of(server.url(), certificate.pem(), token, NAMESPACE));
    var config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setConnectionTimeout(PATIENCE_MILLIS);
    config.setRequestTimeout(PATIENCE_MILLIS);
    var client = new KubernetesClientBuilder().withConfig(config).build();
    define(client, definitions);
    var kubelet = new LocalKubelet(client, new RunFolders(folder.runs()), podsAtOnce, clock);
    var jobs = new LocalJobs(client, clock);
    logs.kubelet = kubelet;
    kubelet.start();
    jobs.start();
    return new LocalCluster(server, client, jobs, kubelet);
  }

  /** The cluster's own client. */
  KubernetesClient client() {
    return client;
  }

  /** Another client, for whoever closes it. */
  KubernetesClient connect() {
    return new KubernetesClientBuilder().withConfig(client.getConfiguration()).build();
  }

  private static void define(KubernetesClient client, Path definitions) throws IOException {
    try (Stream<Path> files = Files.list(definitions)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        try (var in = Files.newInputStream(file)) {
          client.load(in).items().forEach(item -> client.resource(item).create());
        }
      }
    }
    for (String name : new String[] {"default", NAMESPACE}) {
      client
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .endMetadata()
                  .withNewStatus()
                  .withPhase("Active")
                  .endStatus()
                  .build())
          .create();
    }
  }

  /** Kills every run first: what they still say may be written down. */
  @Override
  public void close() {
    jobs.close();
    kubelet.close();
    client.close();
    server.close();
  }

  /** The server is up before the kubelet, which is its client. */
  private static final class LateLogs implements ApiRequests.PodLogs {
    private volatile LocalKubelet kubelet;

    @Override
    public byte[] tail(String namespace, String pod, ApiRequests.LogQuery query)
        throws IOException {
      return kubelet == null ? null : kubelet.log(namespace, pod, query);
    }
  }
}

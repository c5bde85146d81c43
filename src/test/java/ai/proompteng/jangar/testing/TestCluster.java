package ai.proompteng.jangar.testing;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The real cluster, as one test class sees it. What it made is deleted when the class is done;
 * CustomResourceDefinitions stay.
 */
public final class TestCluster implements AutoCloseable {
  private static final Path CRDS = Path.of("crds");
  private static final int ESTABLISHED_WITHIN_SECONDS = 20;
  private static boolean crdsApplied;

  private final Path kubeconfig;
  private final String prefix;
  private final KubernetesClient client;
  private final List<String> namespaces = new ArrayList<>();
  private Rights server;

  TestCluster(Path kubeconfig, String testClass) {
    this.kubeconfig = kubeconfig;
    var plain = testClass.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    this.prefix = "test-" + plain.substring(0, Math.min(plain.length(), 30));
    this.client = client(config());
    newNamespace();
    applyCrds();
  }

  /** A client with every right, shared by the test class. */
  public KubernetesClient client() {
    return client;
  }

  /** A config with every right, to make a client of one's own from. */
  public Config config() {
    return new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
        .withRequestTimeout(10_000)
        .withConnectionTimeout(5_000)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  /**
   * The file that names it, for a program of the test; it has every right, so no server gets it.
   */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The server's account, with its rights in the namespace of this test class. */
  public Rights server() {
    if (server == null) {
      server = rights(Rights.Account.SERVER, namespace());
    }
    return server;
  }

  /** An account of the server with its rights in those namespaces; the first is its own. */
  public Rights rights(Rights.Account account, String... namespaces) {
    return new Rights(client, config(), account, "", List.of(namespaces));
  }

  /** The server's account in those namespaces, with other values of the chart than usual. */
  public Rights rightsOf(String values, String... namespaces) {
    return new Rights(client, config(), Rights.Account.SERVER, values, List.of(namespaces));
  }

  /** A client of that config; who asks closes it. */
  public KubernetesClient client(Config config) {
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The fresh namespace of this test class. */
  public String namespace() {
    return namespaces.get(0);
  }

  /** One more fresh namespace. */
  public String newNamespace() {
    var name = prefix + "-" + UUID.randomUUID().toString().substring(0, 6);
    client
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    namespaces.add(name);
    return name;
  }

  /** Applies the CustomResourceDefinitions of that text and waits until they are served. */
  public void applyCrds(String yaml) {
    var applied =
        client
            .load(
                new java.io.ByteArrayInputStream(
                    yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
            .items()
            .stream()
            .map(CustomResourceDefinition.class::cast)
            .map(this::applied)
            .toList();
    applied.forEach(this::awaitEstablished);
  }

  @Override
  public void close() {
    namespaces.forEach(name -> client.namespaces().withName(name).withGracePeriod(0).delete());
    client.close();
  }

  private void applyCrds() {
    synchronized (TestCluster.class) {
      if (crdsApplied || !Files.isDirectory(CRDS)) {
        return;
      }
      try (var files = Files.list(CRDS)) {
        files
            .filter(file -> file.toString().endsWith(".yaml"))
            .sorted()
            .map(TestCluster::text)
            .forEach(this::applyCrds);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      crdsApplied = true;
    }
  }

  private CustomResourceDefinition applied(CustomResourceDefinition crd) {
    return client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .resource(crd)
        .forceConflicts()
        .serverSideApply();
  }

  private void awaitEstablished(CustomResourceDefinition crd) {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(crd.getMetadata().getName())
        .waitUntilCondition(
            now ->
                now != null
                    && now.getStatus() != null
                    && now.getStatus().getConditions() != null
                    && now.getStatus().getConditions().stream()
                        .anyMatch(
                            c -> "Established".equals(c.getType()) && "True".equals(c.getStatus())),
            ESTABLISHED_WITHIN_SECONDS,
            TimeUnit.SECONDS);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

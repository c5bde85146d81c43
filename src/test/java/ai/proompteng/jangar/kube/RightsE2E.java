package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.testing.Needed;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.Permission;
import ai.proompteng.jangar.testing.Rights;
import ai.proompteng.jangar.testing.Rights.Account;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each right of the chart, by the door's own requests: with it the API server lets them through,
 * without it that one is refused, and no other. A right that is taken from the chart fails here.
 */
@NeedsCluster
class RightsE2E {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path GOLDEN = Path.of("src/test/resources/golden/rights");
  private static final String ABSENT = "nobody";
  private static final String LEASE = "jangar-controller-leader";
  private static final List<ResourceType> OTHERS =
      List.of(
          ResourceType.JOB,
          ResourceType.POD,
          ResourceType.CONFIG_MAP,
          ResourceType.SECRET,
          ResourceType.EVENT);

  private final TestCluster real;
  private final List<AutoCloseable> made = new ArrayList<>();

  RightsE2E(TestCluster real) {
    this.real = real;
  }

  @AfterEach
  void close() throws Exception {
    for (var each : made) {
      each.close();
    }
  }

  /** The controllers of two Deployments have what the one server has: ChartRightsTest. */
  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CONTROL_PLANE"})
  void each_right_is_one_that_a_request_needs(Account account) {
    var namespace = real.newNamespace();
    var rights = real.rights(account, namespace);
    var client = real.client(rights.config());
    made.add(client);
    real.client().resource(lease(namespace, LEASE)).create();
    var permissions = Rights.permissions(account);
    assertThat(permissions).isNotEmpty().allMatch(it -> allowed(client, namespace, it));
    for (var permission : permissions) {
      rights.without(namespace, permission);
      assertThat(allowed(client, namespace, permission)).as("without " + permission).isFalse();
    }
  }

  /** The golden file is what an auditor would be shown; rights that everybody has are left out. */
  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CONTROL_PLANE"})
  void kubectl_lists_what_an_account_may(Account account) throws Exception {
    Needed.program("RightsE2E", "kubectl");
    var namespace = real.newNamespace();
    var kubectl =
        new ProcessBuilder("kubectl", "auth", "can-i", "--list", "--no-headers", "-n", namespace)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    var kubeconfig = real.rights(account, namespace).kubeconfig();
    kubectl.environment().put("KUBECONFIG", kubeconfig.toString());
    var process = kubectl.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(
            said.lines()
                .filter(line -> line.matches("[a-z].*") && !line.startsWith("self"))
                .map(line -> line.replaceAll(" +", " ").strip())
                .sorted())
        .containsExactlyElementsOf(
            Files.readAllLines(GOLDEN.resolve(account.name().toLowerCase(Locale.ROOT) + ".txt")));
  }

  /** Asks as the server asks; whatever else comes of it, is it let through? */
  private boolean allowed(KubernetesClient client, String namespace, Permission permission) {
    var cluster = new InformedCluster(client, List.of(namespace), InformedCluster.Limits.DEFAULT);
    try (cluster) {
      ask(client, cluster, namespace, permission);
      return true;
    } catch (Forbidden refused) {
      return false;
    } catch (KubernetesClientException answered) {
      return answered.getCode() != 403;
    } catch (Rejected | Conflict answered) {
      return true;
    }
  }

  private void ask(
      KubernetesClient client, InformedCluster cluster, String namespace, Permission permission) {
    if (permission.resource().equals("leases")) {
      askForLease(client, namespace, permission);
      return;
    }
    var name = permission.name().isEmpty() ? ABSENT : permission.name();
    var key = new Key(namespace, name);
    if (permission.resource().equals("pods/log")) {
      cluster.log(key, "agent", 100);
      return;
    }
    var type = type(permission.resource());
    switch (permission.verb()) {
      case "get" -> cluster.read(type, key);
      case "create" -> cluster.create(object(type, namespace));
      case "patch" -> cluster.mergePatch(type, key, Map.of());
      case "update" -> cluster.replaceStatus(type, key, "no-uid", "1", Map.of());
      case "delete" -> cluster.delete(type, key, null);
      case "list", "watch" -> watch(cluster, type, permission.verb());
      default -> throw new AssertionError("no request asks for " + permission);
    }
  }

  private static void watch(InformedCluster cluster, ResourceType type, String verb) {
    cluster.watch(type, null);
    await()
        .atMost(PATIENCE)
        .until(
            () -> cluster.troubles().isEmpty() || "forbidden".equals(cluster.troubles().get(type)));
    if (!cluster.troubles().isEmpty()) {
      throw new Forbidden(null, verb + " " + type.plural());
    }
  }

  private static void askForLease(
      KubernetesClient client, String namespace, Permission permission) {
    var leases = client.leases().inNamespace(namespace);
    switch (permission.verb()) {
      case "get" -> leases.withName(LEASE).get();
      case "create" -> leases.resource(lease(namespace, ABSENT)).create();
      case "update" -> leases.resource(lease(namespace, LEASE)).update();
      default -> throw new AssertionError("no request asks for " + permission);
    }
  }

  private static Lease lease(String namespace, String name) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .build();
  }

  private static ResourceType type(String resource) {
    var plural = resource.replaceAll("/.*", "");
    return Stream.concat(Kind.ALL.stream().map(ResourceType::of), OTHERS.stream())
        .filter(type -> type.plural().equals(plural))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the server has nothing to do with " + resource));
  }

  /** One that is let through need not be one that is taken. */
  private static GenericKubernetesResource object(ResourceType type, String namespace) {
    var object = new GenericKubernetesResource();
    object.setApiVersion(type.apiVersion());
    object.setKind(type.kind());
    object.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName("Not_A_Name").build());
    return object;
  }
}

package ai.proompteng.jangar.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalApiServerIT {
  @TempDir static Path temp;
  private static LocalFolder folder;
  private static LocalCluster cluster;
  private static KubernetesClient client;

  @BeforeAll
  static void start() throws Exception {
    folder = LocalFolder.open(temp.resolve(".jangar"));
    cluster = LocalCluster.start(folder, "local-token", Path.of("crds"), 1, Clock.systemUTC());
    client = cluster.client();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
    folder.close();
  }

  @Test
  void nothing_is_answered_without_the_token_or_to_a_foreign_origin() {
    assertThat(code("wrong-token", Map.of())).isEqualTo(401);
    assertThat(code("local-token", Map.of("Origin", "http://evil.example"))).isEqualTo(403);
    assertThat(code("local-token", Map.of())).isEqualTo(200);
  }

  @Test
  void a_stale_status_and_another_uid_are_conflicts() {
    var run = client.resource(run("stale")).create();
    run.setAdditionalProperty("status", Map.of("phase", "Pending"));
    client.resource(run).updateStatus();

    assertThatThrownBy(() -> client.resource(run).updateStatus())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    var other = client.resource(run("stale")).get();
    other.getMetadata().setUid("another");
    assertThatThrownBy(() -> client.resource(other).updateStatus())
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void a_merge_patch_replaces_lists_and_takes_away_with_null() {
    var run = run("patched");
    run.getMetadata().setFinalizers(java.util.List.of("a.example/x", "b.example/y"));
    client.resource(run).create();

    var patched =
        client
            .resource(run)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\":{\"finalizers\":[\"b.example/y\"],\"labels\":null}}");

    assertThat(patched.getMetadata().getFinalizers()).containsExactly("b.example/y");
    client.resource(run).delete();
    assertThat(client.resource(run).get().getMetadata().getDeletionTimestamp()).isNotNull();
    client
        .resource(run)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
    assertThat(client.resource(run).get()).isNull();
  }

  @Test
  void what_the_deleted_owned_goes_too() {
    var run = client.resource(run("owner")).create();
    ConfigMap owned =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("agents")
            .withName("owned")
            .addNewOwnerReference()
            .withApiVersion(run.getApiVersion())
            .withKind(run.getKind())
            .withName("owner")
            .withUid(run.getMetadata().getUid())
            .endOwnerReference()
            .endMetadata()
            .build();
    client.resource(owned).create();

    client.resource(run).delete();

    assertThat(client.resource(owned).get()).isNull();
  }

  private static int code(String token, Map<String, String> headers) {
    var config =
        new io.fabric8.kubernetes.client.ConfigBuilder(client.getConfiguration())
            .withOauthToken(token)
            .build();
    config.setAutoOAuthToken(null);
    config.setCustomHeaders(headers);
    try (var other = new KubernetesClientBuilder().withConfig(config).build()) {
      other.configMaps().inNamespace("agents").list();
      return 200;
    } catch (KubernetesClientException refused) {
      return refused.getCode();
    }
  }

  private static GenericKubernetesResource run(String name) {
    return Serialization.unmarshal(
        "---\n{apiVersion: agents.proompteng.ai/v1alpha1, kind: AgentRun, metadata: {namespace: agents, name: "
            + name
            + "}, spec: {agentRef: {name: x}}}",
        GenericKubernetesResource.class);
  }
}

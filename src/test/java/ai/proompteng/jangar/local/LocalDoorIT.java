package ai.proompteng.jangar.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.kube.InformedCluster;
import ai.proompteng.jangar.kube.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door works on the embedded API server as it does on a real one. */
class LocalDoorIT {
  private static final ResourceType AGENTS = ResourceType.of(Kind.AGENT);
  private static final Key KEY = new Key("agents", "coder");

  @TempDir Path temp;

  @Test
  void own_writes_are_seen_at_once_and_the_watch_tells_of_them() throws IOException {
    try (var folder = LocalFolder.open(temp.resolve(".jangar"));
        var local =
            LocalCluster.start(folder, "local-token", Path.of("crds"), 1, Clock.systemUTC());
        var door =
            new InformedCluster(
                local.client(), List.of("agents"), InformedCluster.Limits.DEFAULT)) {
      var told = new CopyOnWriteArrayList<String>();
      door.listen(AGENTS, (old, now) -> told.add((old != null) + " " + (now != null)));
      door.watch(AGENTS, null);
      await().until(() -> door.synced(AGENTS) && door.troubles().isEmpty());

      var made = door.create(agent());
      assertThat(door.cached(AGENTS, KEY)).isPresent();
      assertThatThrownBy(() -> door.create(agent())).isInstanceOf(AlreadyExists.class);

      var meta = made.getMetadata();
      var written =
          door.replaceStatus(
              AGENTS, KEY, meta.getUid(), meta.getResourceVersion(), Map.of("why", "first"));
      assertThat(written).isPresent();
      assertThat(door.cached(Kind.AGENT, KEY).orElseThrow().metadata().resourceVersion())
          .isEqualTo(written.get().getMetadata().getResourceVersion());
      assertThatThrownBy(
              () ->
                  door.replaceStatus(
                      AGENTS, KEY, meta.getUid(), meta.getResourceVersion(), Map.of("why", "x")))
          .isInstanceOf(Conflict.class);

      var stale =
          Map.<String, Object>of(
              "metadata",
              Map.of("resourceVersion", meta.getResourceVersion(), "finalizers", List.of("a.b/c")));
      assertThatThrownBy(() -> door.mergePatch(AGENTS, KEY, stale)).isInstanceOf(Conflict.class);

      assertThat(door.delete(AGENTS, KEY, meta.getUid())).isTrue();
      assertThat(door.cached(AGENTS, KEY)).isEmpty();
      await()
          .untilAsserted(() -> assertThat(told).contains("false true", "true true", "true false"));
      assertThat(door.log(new Key("agents", "nobody"), "x", 10)).isEmpty();
    }
  }

  private static GenericKubernetesResource agent() {
    return Serialization.unmarshal(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: Agent
        metadata: { name: coder, namespace: agents }
        spec: { providerRef: { name: codex } }
        """,
        GenericKubernetesResource.class);
  }
}

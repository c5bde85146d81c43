package ai.proompteng.jangar.local;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever presses Ctrl-C has waited ten seconds at most. */
class LocalStopIT {
  private static final String DEAF =
      """
      apiVersion: v1
      kind: Pod
      metadata: {namespace: agents, name: deaf, labels: {agents.proompteng.ai/agent-run: deaf}}
      spec:
        restartPolicy: Never
        volumes: [{name: workspace, emptyDir: {}}]
        containers:
          - name: agent-runner
            image: none
            command: [/bin/sh, -c, "trap '' TERM; echo $$$$ > pid; sleep 60; sleep 1"]
            volumeMounts: [{name: workspace, mountPath: /workspace}]
      """;

  @TempDir Path temp;

  @Test
  void an_agent_that_does_not_listen_is_killed_when_local_mode_stops() throws IOException {
    try (var folder = LocalFolder.open(temp.resolve(".jangar"))) {
      var cluster =
          LocalCluster.start(folder, "local-token", Path.of("crds"), 4, Clock.systemUTC());
      cluster.client().resource(Serialization.unmarshal(DEAF, Pod.class)).create();
      var pid = folder.runs().resolve("deaf/workspace/pid");
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(pid) && Files.size(pid) > 1);
      var agent = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

      cluster.close();

      await().atMost(Duration.ofSeconds(1)).until(() -> !agent.isAlive());
    }
  }
}

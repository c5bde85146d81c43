package ai.proompteng.jangar.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of the embedded API server run as processes, and tell as a real kubelet would. */
class LocalClusterIT {
  @TempDir static Path temp;
  private static LocalFolder folder;
  private static LocalCluster cluster;
  private static KubernetesClient client;

  @BeforeAll
  static void start() throws IOException {
    folder = LocalFolder.open(temp.resolve(".jangar"));
    cluster = LocalCluster.start(folder, "local-token", Path.of("crds"), 4, Clock.systemUTC());
    client = cluster.client();
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
    folder.close();
  }

  @Test
  void a_job_runs_to_its_end_with_env_files_and_termination_message() throws IOException {
    config(
        "good",
        "agent-runner.json",
        "{\"path\":\"/workspace/x\"}",
        "run.json",
        "{\"title\":\"/workspace/x\"}");
    create(
        "good",
        "echo $GREETING; cat agent-runner.json /workspace/run.json; printf '{\"status\":\"succeeded\"}' > /workspace/.agent/status.json; echo diff > changes.diff");

    var job = finished("good");

    assertThat(condition(job)).isEqualTo("Complete");
    assertThat(job.getStatus().getSucceeded()).isEqualTo(1);
    assertThat(terminated("good").getMessage()).isEqualTo("{\"status\":\"succeeded\"}");
    var run = folder.runs().resolve("run-good");
    assertThat(client.pods().inNamespace("agents").withName("good-0").getLog())
        .isEqualTo("hi $(id)\n{\"path\":\"" + run + "/workspace/x\"}{\"title\":\"/workspace/x\"}")
        .isEqualTo(Files.readString(run.resolve("runner.log")));
    assertThat(run.resolve("changes.diff")).hasContent("diff");
  }

  @Test
  void a_job_that_fails_is_failed_once() {
    config("bad", "run.json", "{}");
    create("bad", "exit 7");

    var job = finished("bad");

    assertThat(condition(job)).isEqualTo("Failed");
    assertThat(job.getStatus().getConditions().get(0).getReason())
        .isEqualTo("BackoffLimitExceeded");
    assertThat(terminated("bad").getExitCode()).isEqualTo(7);
  }

  @Test
  void exit_code_2_fails_the_job_by_its_policy() {
    config("invalid", "run.json", "{}");
    create("invalid", "exit 2");

    assertThat(finished("invalid").getStatus().getConditions().get(0).getReason())
        .isEqualTo("PodFailurePolicy");
  }

  @Test
  void deleting_a_job_kills_its_processes() {
    config("long", "run.json", "{}");
    create("long", "sleep 300 & echo $! > pid; wait");
    var pid = folder.runs().resolve("run-long/workspace/pid");
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(pid) && Files.size(pid) > 1);
    var process = process(pid);

    client.batch().v1().jobs().inNamespace("agents").withName("long").delete();

    await().atMost(10, TimeUnit.SECONDS).until(() -> !process.isAlive());
    assertThat(client.pods().inNamespace("agents").withName("long-0").get()).isNull();
  }

  @Test
  void a_job_past_its_deadline_is_stopped() {
    config("late", "run.json", "{}");
    create("late", "sleep 300", 1L);

    assertThat(finished("late").getStatus().getConditions().get(0).getReason())
        .isEqualTo("DeadlineExceeded");
  }

  @Test
  void a_pod_waits_for_a_secret_that_is_missing() {
    config("waits", "run.json", "{}");
    var job = job("waits", "echo $TOKEN", null);
    job.getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .get(0)
        .getEnvFrom()
        .add(
            new io.fabric8.kubernetes.api.model.EnvFromSourceBuilder()
                .withNewSecretRef("late-secret", false)
                .build());
    client.resource(job).create();
    await()
        .atMost(20, TimeUnit.SECONDS)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        pod("waits")
                            .getStatus()
                            .getContainerStatuses()
                            .get(0)
                            .getState()
                            .getWaiting()
                            .getReason())
                    .isEqualTo("CreateContainerConfigError"));

    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("agents")
                .withName("late-secret")
                .endMetadata()
                .addToStringData("TOKEN", "s3")
                .build())
        .create();

    assertThat(condition(finished("waits"))).isEqualTo("Complete");
    assertThat(client.pods().inNamespace("agents").withName("waits-0").getLog()).isEqualTo("s3\n");
  }

  private static void config(String name, String... entries) {
    var data = new java.util.HashMap<String, String>(Map.of("run.json", "{}"));
    for (int i = 0; i < entries.length; i += 2) {
      data.put(entries[i], entries[i + 1]);
    }
    data.putIfAbsent("agent-runner.json", "{}");
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("agents")
                .withName(name)
                .endMetadata()
                .withData(data)
                .build())
        .create();
  }

  private static void create(String name, String script) {
    create(name, script, null);
  }

  private static void create(String name, String script, Long deadline) {
    client.resource(job(name, script, deadline)).create();
  }

  private static Job job(String name, String script, Long deadline) {
    var job =
        Serialization.unmarshal(
            """
        apiVersion: batch/v1
        kind: Job
        metadata: {namespace: agents, name: NAME}
        spec:
          backoffLimit: 0
          podFailurePolicy:
            rules:
              - {action: FailJob, onExitCodes: {operator: In, values: [2]}}
          template:
            metadata: {labels: {agents.proompteng.ai/agent-run: run-NAME}}
            spec:
              restartPolicy: Never
              volumes:
                - {name: workspace, emptyDir: {}}
                - {name: config, configMap: {name: NAME}}
              containers:
                - name: agent-runner
                  image: none
                  command: [/bin/sh, -c]
                  env: [{name: GREETING, value: hi $(id)}]
                  terminationMessagePath: /workspace/.agent/status.json
                  volumeMounts:
                    - {name: workspace, mountPath: /workspace}
                    - {name: workspace, mountPath: /workspace/.agent}
                    - {name: config, mountPath: /workspace/run.json, subPath: run.json}
                    - {name: config, mountPath: /workspace/agent-runner.json, subPath: agent-runner.json}
        """
                .replace("NAME", name),
            Job.class);
    job.getSpec().setActiveDeadlineSeconds(deadline);
    job.getSpec().getTemplate().getSpec().getContainers().get(0).getArgs().add(script);
    return job;
  }

  private static Job finished(String name) {
    var jobs = client.batch().v1().jobs().inNamespace("agents").withName(name);
    await().atMost(30, TimeUnit.SECONDS).until(() -> JobStatuses.finished(jobs.get()));
    return jobs.get();
  }

  private static String condition(Job job) {
    return job.getStatus().getConditions().get(0).getType();
  }

  private static Pod pod(String job) {
    return client.pods().inNamespace("agents").withName(job + "-0").get();
  }

  private static ContainerStateTerminated terminated(String job) {
    return pod(job).getStatus().getContainerStatuses().get(0).getState().getTerminated();
  }

  private static ProcessHandle process(Path pid) {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    } catch (IOException gone) {
      throw new AssertionError(gone);
    }
  }
}

package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.runtime.job.JobManifests;
import ai.proompteng.jangar.testing.AuditLog.Request;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole thread on a real API server with a real kubelet, under Pod Security restricted. */
@NeedsCluster
class ThreadE2E {
  private static final String MEMORY = "workload: {resources: {limits: {memory: 128Mi}}}";

  private static ThreadServer server;

  @BeforeAll
  static void start(TestCluster cluster) throws Exception {
    server = ThreadServer.start(cluster);
    // all at once, so that no test waits for another's
    server.run(
        "works",
        "while read -r line; do echo $line; done </proc/self/status; (: >/probe) || echo read-only");
    server.run("fails", "echo no luck; exit 7");
    server.run("too-much", "x=aaaaaaaa; while :; do x=$x$x; done", MEMORY);
    server.run("no-image", "exit 0", "workload: {image: 'jangar.local/absent:1'}");
    server.run("no-secret", "exit 0", "secrets: [absent]");
    server.run("invalid", "exit 0", "parameters: {strict: 'true'}");
    server.run("endless", "kill -STOP $$");
    server.run("unwanted", "echo half of it; kill -STOP $$");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_signed_event_makes_one_spec_one_run_one_job_and_one_restricted_pod() throws Exception {
    assertThat(server.deliver(1, "Greet the stars")).contains("\"queued\":1");
    var run = server.finished("octo-hello-1-impl");

    assertThat(ThreadServer.phase(run)).isEqualTo("Succeeded");
    assertThat(run.<String>get("status", "artifacts", 0, "name")).isEqualTo("changes.diff");
    var name = run.getMetadata().getName();
    assertThat(server.names("ImplementationSpec")).containsExactly("octo-hello-1-impl");
    assertThat(server.jobs(name)).hasSize(1);
    assertThat(server.pods(name))
        .singleElement()
        .satisfies(
            pod -> {
              var security = pod.getSpec().getContainers().get(0).getSecurityContext();
              assertThat(security.getRunAsUser()).isEqualTo(65_532);
              assertThat(security.getReadOnlyRootFilesystem()).isTrue();
            });
    assertThat(server.log(run)).contains("diff --git", "+## Greet the stars");
    assertThat(server.get("/v1/agent-runs/" + name + "/logs")).isEqualTo(401);
  }

  @Test
  void a_run_costs_four_writes_three_events_one_read_and_one_log() throws Exception {
    server.deliver(2, "Count the stars");
    var run = server.finished("octo-hello-2-impl");
    var made = server.finished("works");

    assertThat(costs(run))
        .isEqualTo(
            Map.of(
                "create agentruns", 1L,
                "create configmaps", 1L,
                "create jobs", 1L,
                "update agentruns/status", 2L,
                "create events", 3L,
                "get pods/log", 1L));
    assertThat(costs("octo-hello-2-impl"::equals))
        .isEqualTo(
            Map.of(
                "create implementationspecs", 1L,
                "update implementationspecs/status", 1L,
                "get implementationspecs", 1L));
    // somebody else's run has its guard to be set besides; its task stands in itself
    assertThat(costs(made))
        .isEqualTo(
            Map.of(
                "patch agentruns", 1L,
                "create configmaps", 1L,
                "create jobs", 1L,
                "update agentruns/status", 2L,
                "create events", 3L,
                "get pods/log", 1L));
    assertThat(server.requests()).noneMatch(request -> request.what().startsWith("list "));
  }

  @Test
  void the_pod_is_nobody_in_particular_and_cannot_change_its_image() {
    assertThat(server.log(server.finished("works")))
        .contains("Uid: 65532 65532 65532 65532", "CapEff: 0000000000000000", "read-only");
  }

  @Test
  void an_agent_that_fails_ends_its_run_with_its_code_and_its_log() {
    var run = server.finished("fails");
    assertThat(ThreadServer.phase(run)).isEqualTo("Failed");
    assertThat(server.told("fails")).contains("RunnerFailed");
    assertThat(run.<String>get("status", "message")).contains("exited with code 7");
    assertThat(server.log(run)).contains("no luck");
  }

  @Test
  void a_runner_that_refuses_its_spec_ends_the_run_with_its_reason() {
    var run = server.finished("invalid");
    assertThat(ThreadServer.phase(run)).isEqualTo("Failed");
    assertThat(server.told("invalid")).contains("NotSupportedYet");
  }

  @Test
  void a_run_that_was_killed_for_memory_says_so() {
    assertThat(ThreadServer.phase(server.finished("too-much"))).isEqualTo("Failed");
    assertThat(server.told("too-much")).contains("OOMKilled");
  }

  @Test
  void an_image_that_is_not_there_shows_while_the_run_waits_and_ends_it() {
    assertThat(server.finished("no-image").<String>get("status", "reason"))
        .isEqualTo("PodNotStartable");
    assertThat(server.told("no-image")).contains("ImagePullBackOff");
  }

  @Test
  void a_secret_that_is_missing_shows_while_the_run_waits_and_ends_it() {
    assertThat(server.finished("no-secret").<String>get("status", "reason"))
        .isEqualTo("SecretNotFound");
    assertThat(server.told("no-secret")).first().isEqualTo("SecretNotFound");
  }

  @Test
  void deleting_a_waiting_a_running_and_a_finished_run_leaves_nothing() {
    server.run("waits", "nobody", "exit 0", "");
    server.run("ends", "exit 0");
    server.finished("ends");
    await().atMost(ThreadServer.PATIENCE).until(() -> "Running".equals(server.phase("endless")));
    await().until(() -> server.told("waits").contains("WaitingForDependency"));
    for (var name : List.of("waits", "endless", "ends")) {
      server.deleted(name);
      assertThat(server.jobs(name)).isEmpty();
      assertThat(server.configMaps(name)).isEmpty();
    }
  }

  @Test
  void a_run_that_is_cancelled_ends_its_process_and_keeps_what_came_of_it() {
    server.run("idle", "nobody", "exit 0", "");
    await().until(() -> server.told("idle").contains("WaitingForDependency"));
    await().atMost(ThreadServer.PATIENCE).until(() -> "Running".equals(server.phase("unwanted")));
    await().atMost(ThreadServer.PATIENCE).until(() -> server.podRuns("unwanted"));
    for (var name : List.of("idle", "unwanted")) {
      server.cancel(name);
      var run = server.finished(name);
      assertThat(ThreadServer.phase(run)).isEqualTo("Cancelled");
      assertThat(run.<String>get("status", "reason")).isEqualTo("UserRequested");
      assertThat(server.jobs(name)).isEmpty();
      assertThat(server.configMaps(name)).isEmpty();
    }
    var run = server.finished("unwanted");
    assertThat(String.valueOf(run.<Object>get("status", "conditions")))
        .doesNotContain("CancelUnconfirmed");
    assertThat(server.log(run)).contains("half of it");
    assertThat(server.told("unwanted")).contains("CancelRequested");
    await().atMost(ThreadServer.PATIENCE).until(() -> server.pods("unwanted").isEmpty());
  }

  @Test
  void another_watched_namespace_is_served_and_a_third_is_never_touched() {
    assertThat(ThreadServer.phase(server.finished(server.second, "works"))).isEqualTo("Succeeded");
    assertThat(server.phase(server.third, "works")).isNull();
    assertThat(server.everything())
        .isNotEmpty()
        .allMatch(
            request -> List.of(server.first, server.second).contains(request.namespace()),
            "in a watched namespace");
  }

  private static Map<String, Long> costs(GenericKubernetesResource run) {
    var name = run.getMetadata().getName();
    var job = JobManifests.name(name, run.getMetadata().getUid());
    var event = name + "-" + Names.shortHash(run.getMetadata().getUid()) + "-";
    return costs(asked -> asked.equals(name) || asked.startsWith(job) || asked.startsWith(event));
  }

  private static Map<String, Long> costs(Predicate<String> ofName) {
    return server.requests().stream()
        .filter(request -> request.namespace().equals(server.first))
        .filter(request -> ofName.test(request.name()))
        .map(Request::what)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}

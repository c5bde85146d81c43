package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Forbidden;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.IdempotencyKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentRunRoutesTest {
  private static final String SUCCEEDED =
      "{\"status\":\"succeeded\",\"exitCode\":0,\"args\":[\"x\"],"
          + "\"artifacts\":{\"outputArtifacts\":[{\"name\":\"diff\",\"path\":\"/workspace/changes.diff\"}]}}";
  private final RunBench bench = new RunBench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void a_run_of_ours_costs_four_writes_one_get_and_one_log() throws Exception {
    bench.givenAll();
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
    bench.ring();
    bench.terminated(0, "Completed", SUCCEEDED);
    bench.complete();
    var pod = bench.jobs().get(0).getMetadata().getName() + "-x";
    bench.cluster.givenLog(new Key("agents", pod), "did it");
    bench.ring();
    bench.ring();
    bench.ring();

    assertThat(bench.cluster.requests().stream().filter(it -> !it.contains("events")).toList())
        .containsExactly(
            "get implementationspecs agents/octo-hello-7-impl",
            "create configmaps agents/fix-7-506f2159-job",
            "create jobs agents/fix-7-506f2159-job",
            "status agentruns agents/fix-7",
            "log agents/" + pod,
            "status agentruns agents/fix-7");
    assertThat(bench.cluster.requests().stream().filter(it -> it.contains("events"))).hasSize(3);
    var status = bench.status();
    assertThat(status.phase()).isEqualTo("Succeeded");
    assertThat(status.why()).isNull();
    assertThat(status.runner()).containsEntry("status", "succeeded").doesNotContainKey("args");
    assertThat(status.artifacts().get(0).path()).isEqualTo("/workspace/changes.diff");
    assertThat(status.finishedAt()).isEqualTo("2026-01-01T12:01:00Z");
    assertThat(status.specHash()).startsWith("v1:");
    assertThat(bench.condition("Succeeded")).isEqualTo("True/Completed");
    assertThat(bench.condition("InProgress")).isEqualTo("False/Finished");
    assertThat(bench.condition("Ready")).isEqualTo("True/Completed");
    assertThat(bench.condition("Blocked")).isEqualTo("False/NotBlocked");
    assertThat(bench.journal.changes())
        .containsExactly("->Pending", "Pending->Running", "Running->Succeeded");
    assertThat(bench.journal.logs()).containsValue("did it");
    assertThat(bench.released).contains("fix-7");
  }

  @Test
  void what_happened_is_told_with_where_the_work_came_from() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.complete();
    bench.terminated(0, "Completed", SUCCEEDED);
    bench.ring();
    assertThat(bench.journal.events()).extracting("type").contains("run.started", "run.finished");
    var finished = bench.journal.events().get(1);
    assertThat(finished.key()).isEqualTo("6f2b/Succeeded");
    assertThat(finished.source().externalId()).isEqualTo("octo/hello#7");
    assertThat(finished.source().id()).isEqualTo("I_7");
    assertThat(finished.labelSince()).containsEntry("jangar", "2026-01-01T11:00:00Z/1");
    assertThat(finished.contentHash()).isEqualTo("abc");
    assertThat(finished.artifacts()).hasSize(1);
  }

  @Test
  void a_run_of_somebody_else_is_guarded_before_it_is_submitted() throws Exception {
    bench.givenAll();
    bench.givenRun(
        "labels: {}",
        "agentRef: {name: sample}, runtime: {type: job},"
            + " implementation: {inline: {text: do it}}");
    bench.ring();
    assertThat(bench.cluster.requests().get(0)).isEqualTo("patch agentruns agents/fix-7");
    assertThat(bench.status().phase()).isEqualTo("Running");
    assertThat(bench.cluster.requests()).noneMatch(request -> request.startsWith("get"));
  }

  @Test
  void text_from_a_tracker_reaches_the_runner_as_it_is() throws Exception {
    bench.givenAll();
    bench.ring();
    var map = bench.cluster.there(ResourceType.CONFIG_MAP, "agents").get(0);
    assertThat(map.get("data", "run.json").toString()).contains("\"prompt\":\"do {{x}} it\"");
  }

  @Test
  void a_crash_between_job_and_status_ends_in_adoption() throws Exception {
    bench.givenAll();
    bench.cluster.fail(request -> request.startsWith("status"), new Unreachable("killed"));
    assertThat(bench.ringAnyhow().getException()).isNotNull();
    bench.cluster.fail(request -> false, null);
    bench.ring();
    assertThat(bench.jobs()).hasSize(1);
    assertThat(bench.status().phase()).isEqualTo("Running");
  }

  @Test
  void what_is_missing_is_waited_for_and_recovers() throws Exception {
    bench.givenAll();
    bench.cluster.delete(
        ResourceType.of(ai.proompteng.jangar.api.Kind.AGENT), new Key("agents", "sample"), null);
    var first = bench.ring();
    assertThat(first.getProperty("JangarRequeueAfter", Duration.class))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(bench.status().phase()).isEqualTo("Pending");
    assertThat(bench.status().why()).isEqualTo("WaitingForDependency");
    assertThat(bench.condition("Blocked")).isEqualTo("True/WaitingForDependency");
    assertThat(bench.journal.events()).extracting("type").containsExactly("run.blocked");
    bench.givenAgent("{providerRef: {name: sample}}");
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
    assertThat(bench.condition("Blocked")).isEqualTo("False/NotBlocked");
  }

  @Test
  void what_stays_missing_fails_the_run_without_a_job() throws Exception {
    bench.givenAll();
    bench.cluster.delete(
        ResourceType.of(ai.proompteng.jangar.api.Kind.IMPLEMENTATION_SPEC),
        new Key("agents", "octo-hello-7-impl"),
        null);
    bench.ring();
    bench.later(Duration.ofSeconds(59));
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Pending");
    bench.later(Duration.ofSeconds(1));
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Failed");
    assertThat(bench.status().reason()).isEqualTo("MissingImplementation");
    assertThat(bench.status().finishedAt()).isNotNull();
    assertThat(bench.condition("InvalidSpec")).isEqualTo("True/MissingImplementation");
    assertThat(bench.jobs()).isEmpty();
  }

  @Test
  void a_database_that_is_away_holds_the_phase_but_not_the_watch() throws Exception {
    bench.givenAll();
    bench.journal.away(true);
    assertThat(bench.ringAnyhow().getException()).isInstanceOf(Unreachable.class);
    assertThat(bench.jobs()).isEmpty();
    bench.journal.away(false);
    bench.ring();
    bench.journal.away(true);
    bench.podStatus(
        "{containerStatuses: [{name: agent-runner, image: i, state: {waiting: {reason: ErrImagePull}}}]}");
    bench.ring();
    assertThat(bench.status().why()).isEqualTo("ImagePullBackOff");
    bench.terminated(0, "Completed", SUCCEEDED);
    bench.complete();
    assertThat(bench.ringAnyhow().getException()).isInstanceOf(Unreachable.class);
    assertThat(bench.status().phase()).isEqualTo("Running");
    bench.journal.away(false);
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Succeeded");
  }

  @Test
  void a_runtime_that_does_not_answer_is_said_once_and_tried_ever_later() throws Exception {
    bench.givenAll();
    bench.cluster.fail(request -> request.startsWith("create jobs"), new Unreachable("503"));
    var first = bench.ring().getProperty("JangarRequeueAfter", Duration.class);
    assertThat(bench.status().why()).isEqualTo("SubmitRetry");
    bench.later(Duration.ofSeconds(60));
    bench.cluster.forgetRequests();
    var later = bench.ring().getProperty("JangarRequeueAfter", Duration.class);
    assertThat(later).isGreaterThan(first);
    assertThat(bench.cluster.requests()).noneMatch(request -> request.startsWith("status"));
    bench.cluster.fail(request -> false, null);
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
  }

  @Test
  void a_quota_that_is_full_is_waited_out() throws Exception {
    bench.givenAll();
    bench.cluster.fail(
        request -> request.startsWith("create jobs"),
        new Forbidden(Reason.SubmitFailed, "403 exceeded quota: used: count/jobs.batch=9"));
    bench.ring();
    assertThat(bench.condition("Blocked")).isEqualTo("True/SubmitRetry");
    bench.cluster.forgetRequests();
    bench.cluster.fail(
        request -> request.startsWith("create jobs"),
        new Forbidden(Reason.SubmitFailed, "403 exceeded quota: used: count/jobs.batch=8"));
    bench.ring();
    assertThat(bench.cluster.requests()).noneMatch(request -> request.startsWith("status"));
    bench.cluster.fail(request -> false, null);
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
  }

  @Test
  void a_job_that_vanishes_after_its_container_ended_ends_as_the_runner_said() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.terminated(0, "Completed", SUCCEEDED);
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
    bench.loseJobAndPods();
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Succeeded");
    assertThat(bench.status().runner()).containsEntry("status", "succeeded");
    assertThat(bench.status().artifacts()).hasSize(1);
  }

  @Test
  void a_job_that_vanishes_without_a_word_is_missing() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.loseJobAndPods();
    bench.ring();
    assertThat(bench.status().reason()).isEqualTo("JobMissing");
    assertThat(bench.condition("Warning")).isEqualTo("True/JobMissing");
  }

  @Test
  void the_log_hints_at_the_reason_of_a_run_that_failed_without_a_word() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.failed("BackoffLimitExceeded");
    bench.terminated(1, "Error", "");
    var pod = bench.jobs().get(0).getMetadata().getName() + "-x";
    bench.cluster.givenLog(new Key("agents", pod), "trying\nError: Usage limit reached\n");
    bench.ring();
    assertThat(bench.status().reason()).isEqualTo("ProviderCapacityExhausted");
  }

  @Test
  void what_a_contract_misses_stands_in_the_status() throws Exception {
    bench.givenAll();
    bench.givenRun(
        "finalizers: [agents.proompteng.ai/runtime-cleanup]",
        "agentRef: {name: sample}, runtime: {type: job},"
            + " implementation: {inline: {text: do it, contract: {requiredKeys: [ticket]}}}");
    bench.ring();
    assertThat(bench.status().reason()).isEqualTo("MissingRequiredMetadata");
    assertThat(bench.status().contract().missingKeys()).containsExactly("ticket");
  }

  @Test
  void text_is_made_fit_where_it_is_used_and_an_operators_is_a_template() throws Exception {
    bench.givenAll();
    bench.givenRun(
        "finalizers: [agents.proompteng.ai/runtime-cleanup]",
        "agentRef: {name: sample}, runtime: {type: job}, parameters: {who: '{{x}}'},"
            + " implementation: {inline: {text: \"\\r\\ngreet {{who}} and ${nobody}\\r\\n\"}}");
    bench.ring();
    var map = bench.cluster.there(ResourceType.CONFIG_MAP, "agents").get(0);
    assertThat(map.get("data", "run.json").toString())
        .contains("\"prompt\":\"greet {{x}} and ${nobody}\"");
  }

  @Test
  void an_edit_after_acceptance_stops_the_job_and_fails_the_run() throws Exception {
    bench.givenAll();
    bench.ring();
    bench.cluster.mergePatch(
        ResourceType.of(ai.proompteng.jangar.api.Kind.AGENT_RUN),
        RunBench.RUN,
        java.util.Map.of("spec", java.util.Map.of("parameters", java.util.Map.of("a", "b"))));
    bench.ring();
    assertThat(bench.jobs()).isEmpty();
    assertThat(bench.status().reason()).isEqualTo("SpecImmutableViolation");
    assertThat(bench.condition("Failed")).isEqualTo("True/SpecImmutableViolation");
  }

  @Test
  void a_key_that_another_run_holds_makes_a_duplicate() throws Exception {
    bench.givenAll();
    bench.givenRun("idempotencyKey: k");
    bench.cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata: {name: winner, namespace: agents, uid: w}
        spec: {}
        """);
    bench.keys.claim("agents", "sample", "k", "winner", "w");
    bench.ring();
    assertThat(bench.status().reason()).isEqualTo("IdempotencyKeyInUse");
    assertThat(bench.condition("Duplicate")).isEqualTo("True/IdempotencyKeyInUse");
    assertThat(bench.jobs()).isEmpty();
    bench.ring();
    assertThat(bench.keys.owner("sample", "k"))
        .isEqualTo(new IdempotencyKeys.Owner("winner", "w", null));
  }

  @Test
  void the_key_of_a_run_that_is_gone_is_taken_over() throws Exception {
    bench.givenAll();
    bench.givenRun("deliveryId: k");
    bench.keys.claim("agents", "sample", "k", "old", "gone");
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Running");
    assertThat(bench.keys.owner("sample", "k").runUid()).isEqualTo("6f2b");
  }

  @Test
  void deleting_a_run_in_any_phase_leaves_nothing() throws Exception {
    for (var phase : List.of("waiting", "running", "finished")) {
      bench.givenAll();
      if (!phase.equals("waiting")) {
        bench.ring();
      }
      if (phase.equals("finished")) {
        bench.complete();
        bench.terminated(0, "Completed", SUCCEEDED);
        bench.ring();
        bench.ring();
      }
      var type = ResourceType.of(ai.proompteng.jangar.api.Kind.AGENT_RUN);
      bench.cluster.delete(type, RunBench.RUN, null);
      bench.ring();
      assertThat(bench.cluster.cached(type, RunBench.RUN)).as(phase).isEmpty();
      assertThat(bench.jobs()).as(phase).isEmpty();
      assertThat(bench.cluster.there(ResourceType.CONFIG_MAP, "agents")).as(phase).isEmpty();
      assertThat(bench.journal.deletedRuns()).contains("6f2b");
    }
  }

  @Test
  void a_cleanup_that_never_works_does_not_hold_up_a_deletion() throws Exception {
    bench.givenAll();
    bench.ring();
    var type = ResourceType.of(ai.proompteng.jangar.api.Kind.AGENT_RUN);
    bench.cluster.delete(type, RunBench.RUN, null);
    bench.cluster.fail(request -> request.startsWith("delete jobs"), new Unreachable("503"));
    bench.later(Duration.between(bench.now(), java.time.Instant.now()));
    assertThat(bench.ringAnyhow().getException()).isInstanceOf(Unreachable.class);
    bench.later(Duration.ofSeconds(31));
    bench.ring();
    assertThat(bench.cluster.cached(type, RunBench.RUN)).isEmpty();
  }

  @Test
  void a_template_lies_still() throws Exception {
    bench.givenAll();
    bench.givenRun(
        "finalizers: [agents.proompteng.ai/runtime-cleanup],"
            + " annotations: {agents.proompteng.ai/template: \"true\"}",
        "agentRef: {name: sample}, runtime: {type: job}");
    bench.ring();
    assertThat(bench.status().phase()).isEqualTo("Template");
    assertThat(bench.condition("Ready")).isEqualTo("True/Template");
    assertThat(bench.run().metadata().finalizers()).isEmpty();
    bench.cluster.forgetRequests();
    bench.ring();
    assertThat(bench.cluster.requests()).isEmpty();
  }
}

package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.AgentSpec;
import ai.proompteng.jangar.api.AgentStatus;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentRunReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String RUN = "agentRef: {name: a}, runtime: {type: job}";
  private static final String AGENT = "providerRef: {name: p}";
  private static final String PROVIDER =
      "binary: /usr/local/bin/agent-runner, adapter: {type: exec, exec: {binary: /opt/agent}}";
  private static final String TASK = "text: do it";

  private final AgentRunReconciler reconciler =
      new AgentRunReconciler(RunOptions.defaults(), RunnerDefaults.with("image:1"));

  private String meta = "finalizers: [agents.proompteng.ai/runtime-cleanup]";
  private String run = RUN;
  private String status = "";
  private String agent = AGENT;
  private String provider = PROVIDER;
  private String task = TASK;
  private List<Condition> taskConditions = List.of();
  private boolean read = true;

  @Test
  void a_run_is_guarded_before_it_is_submitted() {
    meta = "labels: {}";
    assertThat(next()).isInstanceOf(RunStep.Guard.class);
  }

  @Test
  void a_run_that_nothing_stands_against_is_submitted() {
    assertThat(next()).isInstanceOf(RunStep.Submit.class);
  }

  @Test
  void the_implementation_is_read_before_it_is_run() {
    read = false;
    assertThat(next()).isInstanceOf(RunStep.Accept.class);
  }

  @Test
  void what_is_invalid_is_refused_before_anything_is_read() {
    read = false;
    run = RUN + ", goal: {objective: x}";
    assertThat(next()).isInstanceOf(RunStep.Refuse.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "runtime: {type: argo}| NotSupportedYet| spec.runtime.type: argo",
        "runtime: {}| MissingRuntime| spec.runtime.type",
        "workflow: {steps: [{name: s}]}| NotSupportedYet| spec.workflow",
        "goal: {objective: x}| NotSupportedYet| spec.goal",
        "memoryRef: {name: m}| NotSupportedYet| spec.memoryRef",
        "vcsRef: {name: v}| NotSupportedYet| spec.vcsRef",
        "vcsPolicy: {required: true}| NotSupportedYet| spec.vcsPolicy.required",
        "systemPrompt: be good| SystemPromptOverrideNotAllowed| spec.systemPrompt",
        "systemPromptRef: {name: x}| SystemPromptOverrideNotAllowed| spec.systemPromptRef",
        "parameters: {Prompt: x}| ForbiddenParameterKey| spec.parameters.Prompt",
        "workload: {volumes: [{type: secret, name: s, mountPath: /s, secretName: s}]}| NotSupportedYet| volumes[0].type: secret",
        "workload: {volumes: [{type: hostPath, name: s, mountPath: /s}]}| InvalidVolume| volumes[0].type",
        "workload: {volumes: [{type: pvc, name: s, mountPath: /s}]}| InvalidVolume| claimName",
        "workload: {volumes: [{type: emptyDir, name: s}]}| InvalidVolume| mountPath",
        "workload: {volumes: [{type: emptyDir, name: s, mountPath: /a/../etc}]}| InvalidVolume| mountPath",
        "workload: {volumes: [{type: emptyDir, name: s, mountPath: /etc/x}]}| InvalidVolume| mountPath",
        "workload: {volumes: [{type: emptyDir, name: jangar-run, mountPath: /s}]}| InvalidVolume| name",
        "workload: {volumes: [{type: emptyDir, name: s, mountPath: /s},{type: emptyDir, name: t, mountPath: /s}]}| InvalidVolume| repeats",
        "runtime: {type: job, config: {backoffLimit: many}}| UnknownRuntimeConfig| backoffLimit",
        "runtime: {type: job, config: {podSecurityContext: {runAsNonRoot: false}}}| PodSecurityNotAllowed| runAsNonRoot",
        "runtime: {type: job, config: {podSecurityContext: {runAsUser: 0}}}| PodSecurityNotAllowed| runAsUser",
        "runtime: {type: job, config: {podSecurityContext: {sysctls: [{name: a, value: b}]}}}| PodSecurityNotAllowed| sysctls",
        "runtime: {type: job, config: {podSecurityContext: {seccompProfile: {type: Unconfined}}}}| PodSecurityNotAllowed| seccompProfile",
      })
  void what_a_run_may_not_ask_for_is_refused_by_its_field(
      String field, Reason reason, String named) {
    var name = field.substring(0, field.indexOf(':'));
    run = name.equals("runtime") ? "agentRef: {name: a}, " + field : RUN + ", " + field;
    refused(reason, named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memoryRef: {name: m}| NotSupportedYet| Agent.spec.memoryRef",
        "vcsRef: {name: v}| NotSupportedYet| Agent.spec.vcsRef",
        "configSchemaRef: {name: c}| NotSupportedYet| Agent.spec.configSchemaRef",
        "defaults: {systemPrompt: x}| NotSupportedYet| Agent.spec.defaults.systemPrompt",
        "defaults: {systemPromptRef: {name: x}}| NotSupportedYet| Agent.spec.defaults.systemPromptRef",
        "env: [{name: PATH, value: x}]| EnvNotAllowed| PATH",
        "env: [{name: AGENT_RUN_NAME, value: x}]| EnvNotAllowed| AGENT_RUN_NAME",
        "security: {allowedServiceAccounts: [other]}| ServiceAccountNotAllowed| default",
        "security: {allowedImplementationSourceProviders: [linear]}| ImplementationSourceProviderNotAllowed| manual"
      })
  void what_an_agent_may_not_ask_for_is_refused_by_its_field(
      String field, Reason reason, String named) {
    agent = AGENT + ", " + field;
    refused(reason, named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secretEnv: [{name: a, secretName: b, key: c}]| NotSupportedYet| AgentProvider.spec.secretEnv",
        "adapter: {type: exec, secretEnv: []}| NotSupportedYet| adapter.secretEnv",
        "adapter: {type: exec, codex: {secretEnv: []}}| NotSupportedYet| adapter.codex.secretEnv",
        "adapter: {type: codex-app-server}| NotSupportedYet| adapter.type: codex-app-server",
        "adapter: {}| NotSupportedYet| adapter.type: codex-app-server",
        "adapter: {type: exec}| MissingBinary| adapter.exec.binary",
        "outputArtifacts: [{name: a, path: /a, key: k}]| NotSupportedYet| AgentProvider.spec.outputArtifacts[0].key",
        "adapter: {type: exec, exec: {binary: b, outputArtifacts: [{name: a, key: k}]}}| NotSupportedYet| adapter.exec.outputArtifacts[0].key",
        "health: {capacityFailurePolicy: block}| NotSupportedYet| capacityFailurePolicy",
        "workload: {serviceAccountToken: {audience: a}}| NotSupportedYet| serviceAccountToken",
        "workload: {securityContext: {privileged: true}}| PodSecurityNotAllowed| privileged",
        "workload: {securityContext: {capabilities: {add: [NET_ADMIN]}}}| PodSecurityNotAllowed| capabilities",
        "envTemplate: {LD_PRELOAD: x}| EnvNotAllowed| LD_PRELOAD",
        "envTemplate: {JANGAR_X: x}| EnvNotAllowed| JANGAR_X",
        "inputFiles: [{path: relative, content: x}]| InvalidInputFilePath| relative",
        "inputFiles: [{path: /workspace/run.json, content: x}]| InvalidInputFilePath| run.json",
        "inputFiles: [{path: /workspace/.agent/x, content: x}]| InvalidInputFilePath| .agent",
        "inputFiles: [{path: /a/../etc/x, content: x}]| InvalidInputFilePath| ..",
        "inputFiles: [{path: /etc/passwd, content: x}]| InvalidInputFilePath| passwd",
        "inputFiles: [{path: /a, content: x},{path: /a, content: y}]| InvalidInputFilePath| /a"
      })
  void what_a_provider_may_not_ask_for_is_refused_by_its_field(
      String field, Reason reason, String named) {
    provider =
        field.startsWith("adapter")
            ? "binary: /usr/local/bin/agent-runner, " + field
            : PROVIDER + ", " + field;
    refused(reason, named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vcsRef: {name: v}| NotSupportedYet| vcsRef",
        "contract: {requiredKeys: [' ']}| InvalidContract| blank",
        "contract: {mappings: [{from: a}]}| InvalidContract| half",
        "contract: {requiredKeys: [ticket]}| MissingRequiredMetadata| ticket"
      })
  void what_a_task_may_not_ask_for_is_refused(String field, Reason reason, String named) {
    task = TASK + ", " + field;
    refused(reason, named);
  }

  @Test
  void a_blank_task_is_refused() {
    task = "text: ' '";
    refused(Reason.MissingText, "blank");
  }

  @Test
  void a_task_whose_issue_is_deleted_is_refused_and_of_a_closed_one_runs() {
    taskConditions = List.of(Condition.yes("Stale", Reason.SourceDeleted, ""));
    refused(Reason.ImplementationStale, "SourceDeleted");
    taskConditions = List.of(Condition.yes("Stale", Reason.SourceClosed, ""));
    assertThat(next()).isInstanceOf(RunStep.Submit.class);
  }

  @Test
  void secrets_are_held_against_the_agents_list_wherever_they_are_named() {
    agent = AGENT + ", security: {allowedSecrets: [mine]}";
    run = RUN + ", secrets: [mine]";
    assertThat(next()).isInstanceOf(RunStep.Submit.class);
    run = RUN + ", secrets: [mine, yours]";
    refused(Reason.SecretNotAllowed, "yours");
    run = "agentRef: {name: a}, runtime: {type: job, config: {imagePullSecrets: [{name: pull}]}}";
    refused(Reason.SecretNotAllowed, "pull");
    agent = AGENT + ", security: {allowedSecrets: []}";
    run = RUN + ", secrets: [mine]";
    refused(Reason.SecretNotAllowed, "mine");
  }

  @Test
  void an_empty_list_of_service_accounts_allows_the_runners_default_alone() {
    agent = AGENT + ", security: {allowedServiceAccounts: []}";
    assertThat(next()).isInstanceOf(RunStep.Submit.class);
    run = "agentRef: {name: a}, runtime: {type: job, config: {serviceAccount: admin}}";
    refused(Reason.ServiceAccountNotAllowed, "admin");
  }

  @Test
  void source_providers_are_compared_in_lower_case() {
    agent = AGENT + ", security: {allowedImplementationSourceProviders: [GitHub]}";
    task = TASK + ", source: {provider: github, externalId: 'o/r#1'}";
    assertThat(next()).isInstanceOf(RunStep.Submit.class);
  }

  @Test
  void too_many_parameters_or_too_long_ones_are_refused() {
    run =
        RUN
            + ", parameters: {"
            + IntStream.range(0, 101)
                .mapToObj(i -> "k" + i + ": v")
                .collect(Collectors.joining(","))
            + "}";
    refused(Reason.ParametersTooLarge, "100");
    run = RUN + ", parameters: {k: '" + "ä".repeat(1025) + "'}";
    refused(Reason.ParameterValueTooLarge, "spec.parameters.k");
  }

  @Test
  void a_payload_that_no_config_map_holds_is_refused() {
    provider = PROVIDER + ", inputFiles: [{path: /f, content: '" + "x".repeat(1024 * 1024) + "'}]";
    refused(Reason.PayloadTooLarge, "1 MiB");
  }

  @Test
  void a_run_without_an_image_is_refused() {
    var bare = new AgentRunReconciler(RunOptions.defaults(), RunnerDefaults.with(null));
    assertThat(((RunStep.Refuse) bare.next(view())).reason())
        .isEqualTo(Reason.MissingWorkloadImage);
  }

  @Test
  void a_name_that_no_label_holds_is_refused() {
    meta = meta + ", name: " + "n".repeat(64);
    refused(Reason.NameTooLong, "63");
  }

  @Test
  void what_is_not_ready_is_waited_for_and_then_named() {
    var ready = List.of(Condition.no("Ready", Reason.MissingBinary, "no binary"));
    var held = reconciler.next(view(ready));
    assertThat(held).isInstanceOf(RunStep.Hold.class);
    assertThat(((RunStep.Hold) held).reason()).isEqualTo(Reason.WaitingForDependency);
    status =
        "conditions: [{type: Blocked, status: 'True', reason: WaitingForDependency,"
            + " message: '', lastTransitionTime: '2026-01-01T11:59:00Z'}]";
    var refused = (RunStep.Refuse) reconciler.next(view(ready));
    assertThat(refused.reason()).isEqualTo(Reason.MissingBinary);
  }

  @Test
  void what_is_not_built_yet_is_not_waited_for() {
    provider = PROVIDER + ", secretEnv: [{name: a, secretName: b, key: c}]";
    var step = reconciler.next(view(List.of(Condition.no("Ready", Reason.NotSupportedYet, ""))));
    assertThat(((RunStep.Refuse) step).reason()).isEqualTo(Reason.NotSupportedYet);
  }

  @Test
  void an_accepted_run_is_looked_at_and_one_that_was_edited_is_stopped() {
    var hash = SpecHash.of(view().spec());
    status = "phase: Running, runtimeRef: {type: job, name: j}, specHash: '" + hash + "'";
    assertThat(next()).isInstanceOf(RunStep.Observe.class);
    run = RUN + ", parameters: {a: b}";
    assertThat(next()).isInstanceOf(RunStep.Fail.class);
    status = "phase: Running, runtimeRef: {type: job, name: j}, specHash: 'v0:x'";
    assertThat(next()).isInstanceOf(RunStep.Observe.class);
  }

  @Test
  void a_running_run_whose_work_nobody_knows_is_submitted_again() {
    status = "phase: Running";
    assertThat(next()).isInstanceOf(RunStep.Submit.class);
  }

  @Test
  void a_final_run_is_settled_for_a_day_and_then_rests_whatever_is_edited() {
    status = "phase: Failed, specHash: 'v1:x', finishedAt: '2026-01-01T11:00:00Z'";
    assertThat(next()).isInstanceOf(RunStep.Settle.class);
    status = "phase: Failed, specHash: 'v1:x', finishedAt: '2025-12-31T11:00:00Z'";
    assertThat(next()).isInstanceOf(RunStep.Rest.class);
  }

  @Test
  void a_deleted_run_is_released_once() {
    meta = meta + ", deletionTimestamp: '2026-01-01T11:00:00Z'";
    assertThat(next()).isInstanceOf(RunStep.Release.class);
    meta = "finalizers: [other], deletionTimestamp: '2026-01-01T11:00:00Z'";
    assertThat(next()).isInstanceOf(RunStep.Rest.class);
  }

  private void refused(Reason reason, String named) {
    assertThat(next())
        .isInstanceOfSatisfying(
            RunStep.Refuse.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.message()).contains(named);
            });
  }

  private RunStep next() {
    return reconciler.next(view());
  }

  private RunView view() {
    return view(List.of());
  }

  private RunView view(List<Condition> providerConditions) {
    var agentObject = object(Kind.AGENT, "", agent, "");
    var decoded = object(Kind.AGENT_PROVIDER, "", provider, "");
    Resource<AgentProviderSpec, AgentProviderStatus> providerObject =
        new Resource<>(
            decoded.metadata(),
            decoded.spec(),
            new AgentProviderStatus(providerConditions, null, null));
    Resource<AgentRunSpec, AgentRunStatus> runObject = object(Kind.AGENT_RUN, meta, run, status);
    Resource<AgentSpec, AgentStatus> found = agentObject;
    ImplementationSpecSpec what = object(Kind.IMPLEMENTATION_SPEC, "", task, "").spec();
    return new RunView(
        runObject,
        Optional.of(found),
        Optional.of(providerObject),
        Optional.of(new RunView.Task("t", what, null, taskConditions, read)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        NOW);
  }

  private static <S, T> Resource<S, T> object(
      Kind<S, T> kind, String meta, String spec, String status) {
    var name = meta.contains("name: n") ? "" : "name: x, ";
    var yaml =
        "---\nmetadata: {%snamespace: agents, uid: u, %s}\nspec: {%s}\nstatus: {%s}"
            .formatted(name, meta, spec, status);
    return Decoder.decode(kind, Serialization.unmarshal(yaml, Map.class));
  }
}

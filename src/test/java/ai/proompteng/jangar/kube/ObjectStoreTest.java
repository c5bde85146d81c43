package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Hashes;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class ObjectStoreTest {
  private static final String UID = "11111111-2222-4333-8444-555555555555";

  private final Overlay overlay = new Overlay(10);

  @Test
  void a_finished_run_is_kept_as_what_it_came_to() {
    var store = new ObjectStore(ResourceType.of(Kind.AGENT_RUN), overlay);
    store.put("agents/r", run("Succeeded", "finalizers: [agents.proompteng.ai/runtime-cleanup]"));
    var kept = store.get("agents/r");
    var run = Decoder.decode(Kind.AGENT_RUN, kept);
    assertThat(run.metadata().uid()).isEqualTo(UID);
    assertThat(run.metadata().resourceVersion()).isEqualTo("42");
    assertThat(run.metadata().finalizers()).containsExactly(WellKnown.RUNTIME_CLEANUP);
    assertThat(run.metadata().annotations()).containsKey(WellKnown.CACHED_COMPACT);
    assertThat(run.status().phase()).isEqualTo("Succeeded");
    assertThat(run.status().finishedAt()).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(run.spec().agentRef().name()).isEqualTo("coder");
    assertThat(run.spec().ttlSecondsAfterFinished()).isEqualTo(600);
    assertThat(run.status().artifacts()).isNull();
  }

  @Test
  void an_active_run_and_one_that_is_out_of_the_usual_are_kept_whole() {
    var store = new ObjectStore(ResourceType.of(Kind.AGENT_RUN), overlay);
    store.put("agents/active", run("Running", "labels: { a: b }"));
    store.put("agents/leaving", run("Failed", "deletionTimestamp: '2026-03-01T11:00:00Z'"));
    store.put("agents/theirs", run("Failed", "finalizers: [example.com/theirs]"));
    assertThat(store.values())
        .hasSize(3)
        .allSatisfy(
            run -> assertThat(Decoder.decode(Kind.AGENT_RUN, run).status().artifacts()).hasSize(1));
  }

  @Test
  void managed_fields_are_never_kept() {
    var store = new ObjectStore(ResourceType.of(Kind.AGENT_RUN), overlay);
    store.put("agents/r", run("Running", "managedFields: [{ manager: kubectl }]"));
    assertThat(store.get("agents/r").getMetadata().getManagedFields()).isEmpty();
  }

  @Test
  void the_text_of_a_task_is_not_kept_but_its_length_and_hash() {
    var store = new ObjectStore(ResourceType.of(Kind.IMPLEMENTATION_SPEC), overlay);
    var given =
        object(
            """
            apiVersion: agents.proompteng.ai/v1alpha1
            kind: ImplementationSpec
            metadata: { name: t, namespace: agents, uid: %s, resourceVersion: '7' }
            spec: { text: für alle, description: long, summary: short }
            """
                .formatted(UID));
    store.put("agents/t", given);
    var task = Decoder.decode(Kind.IMPLEMENTATION_SPEC, store.get("agents/t"));
    assertThat(task.spec().text()).isNull();
    assertThat(task.spec().description()).isNull();
    assertThat(task.spec().summary()).isEqualTo("short");
    assertThat(task.metadata().annotations())
        .containsEntry(WellKnown.CACHED_TEXT_BYTES, "9")
        .containsEntry(WellKnown.CACHED_TEXT_BLANK, "false")
        .containsEntry(WellKnown.CACHED_TEXT_SHA256, Hashes.sha256("für alle"));
    assertThat(given.toString()).as("what was given stays as it is").contains("für alle");
  }

  @Test
  void dependents_are_found_by_their_controller_s_uid_until_it_changes_or_they_go() {
    var store = new ObjectStore(ResourceType.JOB, overlay);
    store.put("agents/j", job("a"));
    assertThat(store.controlledBy("a")).containsExactly("agents/j");
    store.put("agents/j", job("b"));
    assertThat(store.controlledBy("a")).isEmpty();
    assertThat(store.controlledBy("b")).containsExactly("agents/j");
    store.remove("agents/j");
    assertThat(store.controlledBy("b")).isEmpty();
  }

  private static GenericKubernetesResource job(String owner) {
    return object(
        """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: j
          namespace: agents
          uid: %s
          resourceVersion: '7'
          ownerReferences:
            - { apiVersion: v1, kind: X, name: x, uid: %s, controller: true }
        """
            .formatted(UID, owner));
  }

  private static GenericKubernetesResource run(String phase, String more) {
    return object(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentRun
        metadata:
          name: r
          namespace: agents
          uid: %s
          resourceVersion: '42'
          %s
        spec: { agentRef: { name: coder }, ttlSecondsAfterFinished: 600 }
        status:
          phase: %s
          finishedAt: '2026-03-01T10:00:00Z'
          artifacts: [{ name: log }]
        """
            .formatted(UID, more, phase));
  }

  private static GenericKubernetesResource object(String manifest) {
    return Serialization.unmarshal(manifest, GenericKubernetesResource.class);
  }
}

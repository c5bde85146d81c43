package ai.proompteng.jangar.camel.jangar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Claim;
import ai.proompteng.jangar.store.RunRequest;
import ai.proompteng.jangar.store.WorkItemRuns;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.TestDatabase;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClaimKeeperIT {
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);

  private final FakeCluster cluster = new FakeCluster();
  private TestDatabase database;
  private WorkItemRuns claims;
  private ClaimKeeper keeper;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    claims = new WorkItemRuns(database.database());
    keeper = new ClaimKeeper(claims, new RunCreator(cluster), cluster, null, () -> true);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_run_carries_its_guard_its_claim_and_no_text() {
    var claim =
        new Claim(
            UUID.fromString("0d8f3c1b-0f4c-4a5a-9d53-5f2f6c7e2a10"),
            request("event"),
            "active",
            "octo-hello-1-impl-0a1b2c3d",
            null);
    assertThat(tree(Serialization.asYaml(RunCreator.run(claim))))
        .isEqualTo(
            tree(
                """
            apiVersion: "agents.proompteng.ai/v1alpha1"
            kind: "AgentRun"
            metadata:
              annotations:
                agents.proompteng.ai/work-item-claim: "0d8f3c1b-0f4c-4a5a-9d53-5f2f6c7e2a10"
                agents.proompteng.ai/source-id: "I_1"
                agents.proompteng.ai/source-content-hash: "hash"
                agents.proompteng.ai/source-version: "2026-01-02T03:04:05Z"
              finalizers:
              - "agents.proompteng.ai/runtime-cleanup"
              labels:
                agents.proompteng.ai/agent: "sample"
                agents.proompteng.ai/delivery-id: "0d8f3c1b-0f4c-4a5a-9d53-5f2f6c7e2a10"
                agents.proompteng.ai/source-provider: "github"
              name: "octo-hello-1-impl-0a1b2c3d"
              namespace: "agents"
            spec:
              agentRef:
                name: "sample"
              implementationSpecRef:
                name: "octo-hello-1-impl"
              runtime:
                type: "job"
              idempotencyKey: "0d8f3c1b-0f4c-4a5a-9d53-5f2f6c7e2a10"
              parameters:
                issueNumber: "1"
                repository: "octo/hello"
            """));
  }

  private static Map<?, ?> tree(String yaml) {
    return Serialization.unmarshal(yaml, Map.class);
  }

  @Test
  void what_a_crash_left_before_the_creation_is_created() {
    var claim = claims.request(request("event"));
    keeper.startAll();
    keeper.startAll();

    assertThat(cluster.cached(RUNS, key(claim))).isPresent();
    assertThat(cluster.requests()).containsExactly("create agentruns " + key(claim));
  }

  @Test
  void what_a_crash_left_between_creation_and_record_is_found() {
    var claim = claims.request(request("event"));
    cluster.put(RunCreator.run(claim));
    keeper.startAll();

    assertThat(claims.unstarted(10)).isEmpty();
    assertThat(cluster.cached(RUNS, "agents")).hasSize(1);
  }

  @Test
  void a_name_that_is_another_s_fails_the_claim_and_touches_nothing() {
    var claim = claims.request(request("event"));
    var foreign = RunCreator.run(claim);
    foreign.getMetadata().setAnnotations(null);
    cluster.put(foreign);
    keeper.startAll();

    assertThat(states()).containsExactly("failed");
  }

  @Test
  void a_run_that_is_gone_frees_its_slot_for_the_next() {
    var claim = claims.request(request("event"));
    keeper.startAll();
    claims.request(request("another"));
    keeper.sweep();
    assertThat(states()).containsExactlyInAnyOrder("active", "next");

    forget(claim);
    keeper.sweep();
    keeper.startAll();
    assertThat(states()).containsExactlyInAnyOrder("released", "active");
    assertThat(cluster.cached(RUNS, "agents")).hasSize(1);
  }

  @Test
  void an_api_server_that_does_not_answer_frees_nothing() {
    var claim = claims.request(request("event"));
    keeper.startAll();
    forget(claim);
    cluster.fail(request -> request.startsWith("get"), new Unreachable("away"));
    keeper.sweep();

    assertThat(states()).containsExactly("active");
  }

  @Test
  void a_run_of_the_same_name_made_anew_frees_the_slot() {
    var claim = claims.request(request("event"));
    keeper.startAll();
    forget(claim);
    cluster.put(RunCreator.run(claim));
    keeper.sweep();

    assertThat(states()).containsExactly("released");
  }

  private void forget(Claim claim) {
    var run = cluster.cached(RUNS, key(claim)).orElseThrow();
    run.getMetadata().setFinalizers(List.of());
    cluster.put(run);
    cluster.delete(RUNS, key(claim), run.getMetadata().getUid());
  }

  private List<String> states() {
    return database.read("SELECT state FROM work_item_runs");
  }

  private static Key key(Claim claim) {
    return new Key("agents", claim.runName());
  }

  private static RunRequest request(String key) {
    return new RunRequest(
        "agents",
        "github",
        "I_1",
        "sample",
        key,
        "sample",
        "octo-hello-1-impl",
        "octo/hello#1",
        Instant.parse("2026-01-02T03:04:05Z"),
        "hash",
        null);
  }
}

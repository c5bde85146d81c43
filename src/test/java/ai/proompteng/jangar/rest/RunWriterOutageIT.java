package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.agentrun.AgentRunReconciler;
import ai.proompteng.jangar.agentrun.RunJudge;
import ai.proompteng.jangar.agentrun.RunLoader;
import ai.proompteng.jangar.agentrun.RunOptions;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.runtime.job.JobAdapter;
import ai.proompteng.jangar.store.Database;
import ai.proompteng.jangar.store.DatabaseUrl;
import ai.proompteng.jangar.store.PostgresIdempotencyKeys;
import ai.proompteng.jangar.store.PostgresRequests;
import ai.proompteng.jangar.store.Requests;
import ai.proompteng.jangar.store.RunRecord;
import ai.proompteng.jangar.telemetry.Meters;
import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.FakeCluster;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run that is asked for while PostgreSQL is in trouble. */
class RunWriterOutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ResourceType RUNS = ResourceType.of(Kind.AGENT_RUN);
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String RUN =
      """
      {"agentRef": {"name": "sample"}, "runtime": {"type": "job"},
       "implementation": {"text": "do it"}}
      """;

  private final FakeCluster cluster = new FakeCluster();
  private DurablePostgres postgres;
  private Database database;
  private Requests requests;

  @BeforeEach
  void open() {
    postgres = DurablePostgres.create();
    var limits =
        new Database.Limits(
            2,
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            true);
    database = new Database(DatabaseUrl.parse(postgres.url()), limits, CLOCK);
    database.start();
    await().atMost(PATIENCE).until(database::ready);
    requests = new PostgresRequests(database, Meters.unseen());
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: AgentProvider
        metadata: {name: exec, namespace: agents}
        spec: {binary: /opt/runner, adapter: {type: exec, exec: {binary: /opt/agent}}}
        """);
    cluster.given(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        kind: Agent
        metadata: {name: sample, namespace: agents}
        spec: {providerRef: {name: exec}}
        """);
  }

  @AfterEach
  void close() {
    database.close();
    postgres.close();
  }

  @Test
  void nothing_is_made_while_it_is_stopped_and_all_once_it_is_back() {
    postgres.kill();
    refused();
    postgres.start();
    isMadeInTheEnd();
  }

  @Test
  void nothing_is_made_while_it_takes_no_writes() {
    readOnly("on");
    refused();
    readOnly("off");
    isMadeInTheEnd();
  }

  @Test
  void nothing_is_made_while_its_audit_is_locked() throws Exception {
    try (var other = DriverManager.getConnection(postgres.url());
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE");
      refused();
      other.rollback();
    }
    isMadeInTheEnd();
  }

  @Test
  void nothing_is_made_without_a_connection() {
    database.inTransaction(
        one -> {
          database.inTransaction(
              two -> {
                refused();
                return both(one, two);
              });
          return null;
        });
    isMadeInTheEnd();
  }

  @Test
  void what_was_made_when_it_went_away_is_finished_by_who_asks_again() {
    var cut = new CutBeforeTheRow();
    assertThatThrownBy(() -> writer(cut).create(call())).isInstanceOf(Unreachable.class);
    assertThat(cluster.there(RUNS, "agents")).hasSize(1);
    isMadeInTheEnd();
  }

  private void refused() {
    assertThatThrownBy(() -> writer(requests).create(call())).isInstanceOf(Unreachable.class);
    assertThat(cluster.there(RUNS, "agents")).isEmpty();
  }

  private void isMadeInTheEnd() {
    var answer =
        await()
            .atMost(PATIENCE)
            .ignoreExceptionsMatching(e -> e instanceof Unreachable)
            .until(() -> writer(requests).create(call()), made -> made.status() == 201);
    assertThat(answer.body()).containsKeys("agentRun", "resource");
    assertThat(cluster.there(RUNS, "agents")).hasSize(1);
    assertThat(postgres.count("SELECT count(*) FROM agent_runs")).isEqualTo(1);
    assertThat(
            postgres.count(
                "SELECT count(*) FROM audit_events WHERE event_type = 'agent_run.created'"))
        .isEqualTo(1);
  }

  private void readOnly(String on) {
    postgres.change(
        "SET default_transaction_read_only = off",
        "ALTER DATABASE postgres SET default_transaction_read_only = " + on,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'jangar'");
  }

  private static Object both(Connection one, Connection two) {
    assertThat(one).isNotSameAs(two);
    return null;
  }

  private RunWriter writer(Requests written) {
    var judge =
        new RunJudge(
            new RunLoader(cluster, new JobAdapter(cluster, CLOCK, Duration.ofMinutes(1)), CLOCK),
            new AgentRunReconciler(RunOptions.defaults(), RunnerDefaults.with("image:1")));
    return new RunWriter(
        cluster,
        judge,
        new PostgresIdempotencyKeys(database),
        written,
        new Places(List.of("agents")));
  }

  private static Call call() {
    return new Call(
        "",
        RunQuery.of(null),
        RUN.getBytes(StandardCharsets.UTF_8),
        "k",
        null,
        Optional.empty(),
        "request",
        Caller.of("ann", Set.of(), true));
  }

  /** The decision is written; then the database is away. */
  private final class CutBeforeTheRow implements Requests {
    @Override
    public void decided(Asked asked, boolean allowed, Map<String, Object> details) {
      requests.decided(asked, allowed, details);
    }

    @Override
    public RunRecord created(RunRecord run, Asked asked) {
      throw new Unreachable("away");
    }

    @Override
    public void done(
        Asked asked,
        String entityType,
        String uid,
        String type,
        String once,
        Map<String, Object> details) {
      throw new Unreachable("away");
    }
  }
}

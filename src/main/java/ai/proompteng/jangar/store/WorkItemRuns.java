package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.Rejected;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Claims on (work item, slot), table {@code work_item_runs} (decision 45): one active, by a unique
 * index, and one next, the newest.
 */
public final class WorkItemRuns implements Claims {
  private static final int TRIES = 3;
  private static final String SLOT =
      " namespace = ? AND provider = ? AND source_id = ? AND slot = ?";

  private final Database database;

  public WorkItemRuns(Database database) {
    this.database = database;
  }

  /**
   * Takes the slot, or becomes the one next when it is taken, if it is the newest of those that
   * wait. A request that is repeated finds what it has become; one that failed is taken anew.
   */
  public Claim request(RunRequest request) {
    return database.inTransaction(connection -> request(connection, request));
  }

  /**
   * Creates the run of an active claim that has none, while nobody else can: a process that was
   * paused here must not create it again after it is done and gone.
   *
   * @param create makes the run and gives its uid; finding it made is success. When it throws
   *     {@link Rejected} the claim has failed and the next one gets the slot
   * @return the claim with its run; empty when there is nothing to create, or somebody else does
   */
  public Optional<Claim> start(UUID id, Function<Claim, String> create) {
    var refused = new Rejected[1];
    var started =
        database.inTransaction(
            connection -> {
              var claim = unstarted(connection, id);
              if (claim.isEmpty()) {
                return Optional.<Claim>empty();
              }
              try {
                return Optional.of(started(connection, claim.get(), create.apply(claim.get())));
              } catch (Rejected e) {
                refused[0] = e;
                failed(connection, claim.get(), e.getMessage());
                return Optional.<Claim>empty();
              }
            });
    if (refused[0] != null) {
      throw refused[0];
    }
    return started;
  }

  /** Active claims whose run is still to be created, oldest first. */
  public List<UUID> unstarted(int limit) {
    return database.inTransaction(
        connection ->
            Sql.query(
                connection,
                """
                SELECT id FROM work_item_runs WHERE state = 'active' AND run_uid IS NULL
                ORDER BY created_at LIMIT ?""",
                row -> row.getObject(1, UUID.class),
                limit));
  }

  /**
   * A page of the active claims whose run is known.
   *
   * @param after the id to go on behind; null for the first page
   */
  public List<Claim> running(UUID after, int limit) {
    return database.inTransaction(
        connection ->
            Sql.query(
                connection,
                """
                SELECT * FROM work_item_runs WHERE state = 'active' AND run_uid IS NOT NULL AND id > ?
                ORDER BY id LIMIT ?""",
                WorkItemRuns::claim,
                after == null ? new UUID(0, 0) : after,
                limit));
  }

  @Override
  public void release(String namespace, String runName, String runUid) {
    database.inTransaction(
        connection -> {
          var released =
              Sql.first(
                  connection,
                  """
                  UPDATE work_item_runs SET state = 'released', run_uid = ?, finished_at = now()
                  WHERE namespace = ? AND run_name = ? AND state = 'active'
                    AND (run_uid IS NULL OR run_uid = ?) RETURNING *""",
                  WorkItemRuns::claim,
                  runUid,
                  namespace,
                  runName,
                  runUid);
          if (released.isPresent()) {
            promote(connection, released.get().request());
          }
          return null;
        });
  }

  private static Claim request(Connection connection, RunRequest request) throws SQLException {
    Sql.update(
        connection,
        "DELETE FROM work_item_runs WHERE" + SLOT + " AND request_key = ? AND state = 'failed'",
        request.namespace(),
        request.provider(),
        request.sourceId(),
        request.slot(),
        request.key());
    for (int i = 0; i < TRIES; i++) {
      if (insert(connection, request, "active")) {
        Bell.Channel.CLAIMS.ring(connection);
        return known(connection, request).orElseThrow();
      }
      var known = known(connection, request);
      if (known.isPresent()) {
        return known.get();
      }
      if (slotTaken(connection, request)) {
        return wait(connection, request);
      }
      // the slot was freed between the two statements
    }
    throw new SQLException("the slot comes and goes", "40001");
  }

  /** Holds the active claim's row, so that its release finds what waits. */
  private static boolean slotTaken(Connection connection, RunRequest request) throws SQLException {
    return Sql.first(
            connection,
            "SELECT id FROM work_item_runs WHERE" + SLOT + " AND state = 'active' FOR UPDATE",
            row -> row.getObject(1, UUID.class),
            request.namespace(),
            request.provider(),
            request.sourceId(),
            request.slot())
        .isPresent();
  }

  private static Claim wait(Connection connection, RunRequest request) throws SQLException {
    var waiting = inState(connection, request, "next");
    if (waiting.isPresent() && newer(waiting.get().request(), request)) {
      insert(connection, request, "replaced");
    } else {
      Sql.update(
          connection,
          "UPDATE work_item_runs SET state = 'replaced', finished_at = now() WHERE"
              + SLOT
              + " AND state = 'next'",
          request.namespace(),
          request.provider(),
          request.sourceId(),
          request.slot());
      insert(connection, request, "next");
    }
    return known(connection, request).orElseThrow();
  }

  /** Of two versions alike the one that came later counts. */
  private static boolean newer(RunRequest waiting, RunRequest request) {
    return waiting.version() != null
        && request.version() != null
        && waiting.version().isAfter(request.version());
  }

  private static boolean insert(Connection connection, RunRequest request, String state)
      throws SQLException {
    var id = UUID.randomUUID();
    return Sql.update(
            connection,
            """
            INSERT INTO work_item_runs (id, namespace, provider, source_id, slot, request_key, agent_name,
              spec_name, external_id, source_version, content_hash, trace_id, state, run_name, finished_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CASE WHEN ? = 'replaced' THEN now() END)
            ON CONFLICT DO NOTHING""",
            id,
            request.namespace(),
            request.provider(),
            request.sourceId(),
            request.slot(),
            request.key(),
            request.agent(),
            request.spec(),
            request.externalId(),
            request.version(),
            request.contentHash(),
            request.traceId(),
            state,
            Names.makeName(request.spec(), Names.shortHash(id.toString())),
            state)
        == 1;
  }

  private static Optional<Claim> known(Connection connection, RunRequest request)
      throws SQLException {
    return Sql.first(
        connection,
        "SELECT * FROM work_item_runs WHERE" + SLOT + " AND request_key = ?",
        WorkItemRuns::claim,
        request.namespace(),
        request.provider(),
        request.sourceId(),
        request.slot(),
        request.key());
  }

  private static Optional<Claim> inState(Connection connection, RunRequest request, String state)
      throws SQLException {
    return Sql.first(
        connection,
        "SELECT * FROM work_item_runs WHERE" + SLOT + " AND state = ? FOR UPDATE",
        WorkItemRuns::claim,
        request.namespace(),
        request.provider(),
        request.sourceId(),
        request.slot(),
        state);
  }

  private static Optional<Claim> unstarted(Connection connection, UUID id) throws SQLException {
    return Sql.first(
        connection,
        """
        SELECT * FROM work_item_runs WHERE id = ? AND state = 'active' AND run_uid IS NULL
        FOR UPDATE SKIP LOCKED""",
        WorkItemRuns::claim,
        id);
  }

  private static Claim started(Connection connection, Claim claim, String uid) throws SQLException {
    Sql.update(connection, "UPDATE work_item_runs SET run_uid = ? WHERE id = ?", uid, claim.id());
    return new Claim(claim.id(), claim.request(), claim.state(), claim.runName(), uid);
  }

  private static void failed(Connection connection, Claim claim, String error) throws SQLException {
    Sql.update(
        connection,
        "UPDATE work_item_runs SET state = 'failed', error = ?, finished_at = now() WHERE id = ?",
        Text.error(error),
        claim.id());
    promote(connection, claim.request());
  }

  /** In the transaction that frees the slot: no moment in which a third takes it. */
  private static void promote(Connection connection, RunRequest request) throws SQLException {
    int promoted =
        Sql.update(
            connection,
            "UPDATE work_item_runs SET state = 'active' WHERE" + SLOT + " AND state = 'next'",
            request.namespace(),
            request.provider(),
            request.sourceId(),
            request.slot());
    if (promoted > 0) {
      Bell.Channel.CLAIMS.ring(connection);
    }
  }

  private static Claim claim(ResultSet row) throws SQLException {
    return new Claim(
        row.getObject("id", UUID.class),
        new RunRequest(
            row.getString("namespace"),
            row.getString("provider"),
            row.getString("source_id"),
            row.getString("slot"),
            row.getString("request_key"),
            row.getString("agent_name"),
            row.getString("spec_name"),
            row.getString("external_id"),
            Sql.instant(row, "source_version"),
            row.getString("content_hash"),
            row.getString("trace_id")),
        row.getString("state"),
        row.getString("run_name"),
        row.getString("run_uid"));
  }
}

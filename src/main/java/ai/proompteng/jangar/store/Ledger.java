package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Hashes;
import ai.proompteng.jangar.core.TraceId;
import ai.proompteng.jangar.core.WorkItem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The intake ledger (integrations-and-helm.md 1.8): what is acknowledged stands here, committed,
 * until it is done. Any number of processes write it and drain it.
 */
public final class Ledger {
  private static final Set<String> ONE_ITEM_A_DELIVERY = Set.of("github", "linear");
  private static final long INTAKE_LOCK = 0x6a616e676172_01L;
  private static final long CLAIM_LOCK = 0x6a616e676172_02L;
  private static final int INSERT_TRIES = 3;

  /**
   * @param queued how many rows may wait
   * @param lease how long a claimed row is kept from others unless it is renewed; a killed
   *     process's rows come back then
   * @param backoff between tries
   * @param attempts how many tries that are answered by a no
   */
  public record Limits(int queued, Duration lease, Backoff backoff, int attempts) {
    /** 1000 rows, 15 s lease, 1 s to 60 s, five tries. */
    public static Limits defaults() {
      return new Limits(
          1000, RowLease.LENGTH, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60)), 5);
    }
  }

  /** What became of the items of one request. */
  public record Accepted(int queued, int deduped) {}

  private final Database database;
  private final Limits limits;
  private final String owner;

  /**
   * @param owner a word that no other process uses
   */
  public Ledger(Database database, Limits limits, String owner) {
    this.database = database;
    this.limits = limits;
    this.owner = owner;
  }

  /**
   * Stores the items in one transaction; when this returns they are committed. What is known
   * already is counted, and taken up again where it had failed.
   *
   * @param items each with namespace, source, source uid, provider and external id
   * @throws QueueFull when too much waits; nothing is stored
   * @throws ai.proompteng.jangar.core.Unreachable when the database does not answer; the items may
   *     be stored nevertheless, and are known then when they come again
   */
  public Accepted append(List<WorkItem> items) {
    // all transactions take their keys in one order, so that none waits for each other
    var sorted = items.stream().sorted(Comparator.comparing(Ledger::lockOrder)).toList();
    return database.inTransaction(connection -> append(connection, sorted));
  }

  /** Stores the items as failed before any try, unless they are known. */
  public void refuse(List<WorkItem> items, String error) {
    database.inTransaction(
        connection -> {
          for (var item : items) {
            if (insert(connection, item)) {
              Sql.update(
                  connection,
                  """
                  UPDATE implementation_source_deliveries
                  SET state = 'failed', error = ?, processed_at = now()
                  WHERE source_uid = ? AND idempotency_key = ?""",
                  Text.error(error),
                  item.sourceUid(),
                  key(item));
            }
          }
          return null;
        });
  }

  /** The oldest row that may be worked on now, leased; one at a time per external id. */
  public Optional<Delivery> claim() {
    return claim(List.of());
  }

  /**
   * The same, and none of those that the caller has in its hands: a database that was away may have
   * let their leases run out.
   */
  public Optional<Delivery> claim(List<Delivery> held) {
    return database.inTransaction(connection -> claim(connection, ids(held)));
  }

  /** Still at work on them: they are kept from others for as long again. */
  public void renew(List<Delivery> deliveries) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE implementation_source_deliveries d
                SET lease_until = now() + make_interval(secs => ?::float8)
                FROM unnest(?::uuid[], ?::text[]) AS held (id, lease)
                WHERE d.id = held.id AND d.state = 'processing' AND d.lease_owner = held.lease""",
                limits.lease().toMillis() / 1000.0,
                ids(deliveries),
                deliveries.stream().map(Delivery::lease).toList()));
  }

  /** The exchange has come to an end. */
  public void finish(Delivery delivery, Delivery.Outcome outcome) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE implementation_source_deliveries
                SET state = ?, error = ?, processed_at = now(), retries = retries + 1,
                  lease_owner = NULL, lease_until = NULL
                WHERE id = ? AND state = 'processing' AND lease_owner = ?""",
                outcome.state(),
                Text.error(outcome.error()),
                delivery.id(),
                delivery.lease()));
  }

  /** Nobody answered: later again, for ever. */
  public void retry(Delivery delivery, String error) {
    again(delivery, error, 0);
  }

  /** It could not be done, and that counts: later again, until the last try has failed. */
  public void retryCounted(Delivery delivery, String error) {
    if (delivery.attempts() >= limits.attempts()) {
      finish(delivery, new Delivery.Outcome("failed", error));
    } else {
      again(delivery, error, 1);
    }
  }

  /**
   * The visible key: the delivery's id where the sender gives one, else the version, else the item.
   */
  static String key(WorkItem item) {
    if (item.deliveryId() != null) {
      var key = item.provider() + ":" + item.deliveryId();
      return ONE_ITEM_A_DELIVERY.contains(item.provider()) ? key : key + ":" + item.externalId();
    }
    var key = item.provider() + ":" + item.externalId();
    return item.version() == null ? key : key + ":" + item.version();
  }

  private static List<String> ids(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.id().toString()).toList();
  }

  private static String lockOrder(WorkItem item) {
    return item.sourceUid() + " " + key(item);
  }

  /** A list of items may come in one body: then each has a hash of its own. */
  private static String bodyHash(WorkItem item) {
    if (item.bodySha256() == null || ONE_ITEM_A_DELIVERY.contains(item.provider())) {
      return item.bodySha256();
    }
    return Hashes.sha256(item.bodySha256() + ":" + item.externalId());
  }

  private Accepted append(Connection connection, List<WorkItem> items) throws SQLException {
    int queued = 0;
    for (var item : items) {
      queued += append(connection, item) ? 1 : 0;
    }
    if (queued > 0) {
      refuseWhenFull(connection);
      Bell.Channel.INTAKE.ring(connection);
    }
    return new Accepted(queued, items.size() - queued);
  }

  /** True when the row is to be worked on because of this item. */
  private boolean append(Connection connection, WorkItem item) throws SQLException {
    for (int i = 0; i < INSERT_TRIES; i++) {
      if (insert(connection, item)) {
        return true;
      }
      var known = known(connection, item);
      if (known.isPresent()) {
        return revive(connection, known.get(), item);
      }
      // what was in the way has gone between the two statements: retention, or an undone insert
    }
    throw new SQLException("the row comes and goes", "40001");
  }

  private static boolean insert(Connection connection, WorkItem item) throws SQLException {
    return Sql.update(
            connection,
            """
            INSERT INTO implementation_source_deliveries (source_uid, namespace, source_name, provider,
              delivery_id, idempotency_key, body_sha256, event, action, external_id, source_version, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb) ON CONFLICT DO NOTHING""",
            item.sourceUid(),
            item.namespace(),
            item.source(),
            item.provider(),
            item.deliveryId(),
            key(item),
            bodyHash(item),
            item.event(),
            item.action(),
            item.externalId(),
            item.version(),
            Json.write(item))
        == 1;
  }

  private record Known(UUID id, boolean failed) {}

  /** The row of that key, else the one of that body. */
  private static Optional<Known> known(Connection connection, WorkItem item) throws SQLException {
    return Sql.first(
        connection,
        """
        SELECT id, state FROM implementation_source_deliveries
        WHERE source_uid = ? AND (idempotency_key = ? OR body_sha256 = ?)
        ORDER BY idempotency_key = ? DESC LIMIT 1 FOR UPDATE""",
        row -> new Known(row.getObject("id", UUID.class), row.getString("state").equals("failed")),
        item.sourceUid(),
        key(item),
        bodyHash(item),
        key(item));
  }

  private static boolean revive(Connection connection, Known known, WorkItem item)
      throws SQLException {
    if (!known.failed()) {
      return false;
    }
    Sql.update(
        connection,
        """
        UPDATE implementation_source_deliveries
        SET state = 'queued', attempts = 0, retries = 0, next_attempt_at = now(), error = NULL,
          payload = ?::jsonb, external_id = ?, source_version = ?
        WHERE id = ?""",
        Json.write(item),
        item.externalId(),
        item.version(),
        known.id());
    return true;
  }

  /** Counted after the insert and under a lock that ends with the commit: exact at any moment. */
  private void refuseWhenFull(Connection connection) throws SQLException {
    Sql.query(connection, "SELECT pg_advisory_xact_lock(?)", row -> null, INTAKE_LOCK);
    var waiting =
        Sql.first(
            connection,
            """
            SELECT count(*) FROM (SELECT FROM implementation_source_deliveries
              WHERE state = 'queued' LIMIT ?) AS queued""",
            row -> row.getInt(1),
            limits.queued() + 1);
    if (waiting.orElse(0) > limits.queued()) {
      throw new QueueFull(limits.queued());
    }
  }

  private Optional<Delivery> claim(Connection connection, List<String> held) throws SQLException {
    // two claims at once would not see each other's, and could take two rows of one issue
    Sql.query(connection, "SELECT pg_advisory_xact_lock(?)", row -> null, CLAIM_LOCK);
    // a claim that is lost in a crash is claimed again: it need not wait for the disk
    Sql.update(connection, "SET LOCAL synchronous_commit = off");
    return Sql.first(
        connection,
        """
        UPDATE implementation_source_deliveries SET state = 'processing',
          lease_owner = ? || '/' || gen_random_uuid(),
          lease_until = now() + make_interval(secs => ?::float8)
        WHERE id = (
          SELECT id FROM implementation_source_deliveries d
          WHERE (state = 'queued' AND next_attempt_at <= now()
              OR state = 'processing' AND lease_until < now())
            AND id <> ALL (?::uuid[])
            AND NOT EXISTS (
              SELECT FROM implementation_source_deliveries other
              WHERE other.namespace = d.namespace AND other.provider = d.provider
                AND other.external_id = d.external_id AND other.state = 'processing'
                AND other.lease_until >= now())
          ORDER BY received_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, lease_owner, idempotency_key, payload, attempts, received_at""",
        Ledger::delivery,
        owner,
        limits.lease().toMillis() / 1000.0,
        held);
  }

  private void again(Delivery delivery, String error, int counted) {
    var backoff = limits.backoff();
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE implementation_source_deliveries
                SET state = 'queued', attempts = attempts + ?, retries = retries + 1,
                  error = ?, processed_at = now(), lease_owner = NULL, lease_until = NULL,
                  next_attempt_at =
                """
                    + Backoff.sql()
                    + " WHERE id = ? AND state = 'processing' AND lease_owner = ?",
                counted,
                Text.error(error),
                backoff.capSeconds(),
                backoff.baseSeconds(),
                delivery.id(),
                delivery.lease()));
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    var id = row.getObject("id", UUID.class);
    var item = Json.read(row.getString("payload"), WorkItem.class);
    return new Delivery(
        id,
        row.getString("lease_owner"),
        row.getString("idempotency_key"),
        item.traceId() == null ? item.traced(TraceId.of(id.toString())) : item,
        row.getInt("attempts") + 1,
        Sql.instant(row, "received_at"));
  }
}

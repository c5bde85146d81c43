package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Event;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Events and who subscribes to them (decision 33). A row per event and subscription is made by the
 * statement that stores the event, so a subscription that is new starts at now; rows are taken by
 * state, never past a cursor, since numbers commit out of order.
 */
public final class PostgresOutbox implements Outbox {
  /**
   * @param lease how long a claimed row is kept from others unless it is renewed
   * @param backoff between tries
   * @param attempts how many tries that are answered by a no, before the row is dead
   */
  public record Limits(Duration lease, Backoff backoff, int attempts) {
    /** 15 s lease, 5 s to 5 min, five tries. */
    public static Limits defaults() {
      return new Limits(
          RowLease.LENGTH, new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5)), 5);
    }
  }

  private final Database database;
  private final Limits limits;
  private final String owner;

  /**
   * @param owner a word that no other process uses
   */
  public PostgresOutbox(Database database, Limits limits, String owner) {
    this.database = database;
    this.limits = limits;
    this.owner = owner;
  }

  @Override
  public void publish(Event event) {
    database.inTransaction(
        connection -> {
          publish(connection, event);
          return null;
        });
  }

  /** As {@link #publish(Event)}, within the caller's transaction. */
  static void publish(Connection connection, Event event) throws SQLException {
    int stored =
        Sql.update(
            connection,
            """
            INSERT INTO event_outbox (event_key, type, subscription, object_uid, body)
            SELECT ?, ?, subscription, ?, ?::jsonb FROM event_subscriptions
            WHERE cardinality(types) = 0 OR ? = ANY (types)
            ON CONFLICT DO NOTHING""",
            event.key(),
            event.type(),
            event.uid(),
            Json.write(body(event, labels(connection, event))),
            event.type());
    if (stored > 0) {
      Bell.Channel.EVENTS.ring(connection);
    }
  }

  /**
   * Says that the subscription is alive. A new one gets what happens from now on.
   *
   * @param types what it wants; empty for all
   */
  public void register(String subscription, List<String> types) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                INSERT INTO event_subscriptions (subscription, types) VALUES (?, ?)
                ON CONFLICT (subscription) DO UPDATE SET types = EXCLUDED.types, last_seen_at = now()""",
                subscription,
                types));
  }

  /**
   * The subscription's oldest row that may be worked on now, leased. The events of one object come
   * in their order, so one that waits for its next try holds back that object's later ones.
   */
  public Optional<OutboxRow> claim(String subscription) {
    return claim(subscription, List.of());
  }

  /**
   * The same, and none of those that the caller has in its hands: a database that was away may have
   * let their leases run out.
   */
  public Optional<OutboxRow> claim(String subscription, List<OutboxRow> held) {
    return database.inTransaction(connection -> claim(connection, subscription, numbers(held)));
  }

  /** Still at work on them: they are kept from others for as long again. */
  public void renew(List<OutboxRow> rows) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE event_outbox e SET lease_until = now() + make_interval(secs => ?::float8)
                FROM unnest(?::bigint[], ?::text[]) AS held (seq, lease)
                WHERE e.seq = held.seq AND e.state = 'processing' AND e.lease_owner = held.lease""",
                limits.lease().toMillis() / 1000.0,
                numbers(rows),
                rows.stream().map(OutboxRow::lease).toList()));
  }

  /** The route has done its work. */
  public void done(OutboxRow row) {
    end(row, "done", null);
  }

  /** Nobody answered: later again, for ever. */
  public void retry(OutboxRow row, String error) {
    again(row, error, 0);
  }

  /**
   * The other side said no, and that counts.
   *
   * @return true when this was the last try: the row is dead, and stays for people to see
   */
  public boolean retryCounted(OutboxRow row, String error) {
    if (row.attempts() >= limits.attempts()) {
      end(row, "dead", error);
      return true;
    }
    again(row, error, 1);
    return false;
  }

  private static List<String> numbers(List<OutboxRow> rows) {
    return rows.stream().map(row -> String.valueOf(row.seq())).toList();
  }

  private Optional<OutboxRow> claim(Connection connection, String subscription, List<String> held)
      throws SQLException {
    // a claim that is lost in a crash is claimed again: it need not wait for the disk
    Sql.update(connection, "SET LOCAL synchronous_commit = off");
    return Sql.first(
        connection,
        """
        UPDATE event_outbox SET state = 'processing',
          lease_owner = ? || '/' || gen_random_uuid(),
          lease_until = now() + make_interval(secs => ?::float8)
        WHERE seq = (
          SELECT seq FROM event_outbox e
          WHERE subscription = ?
            AND (state = 'queued' AND next_attempt_at <= now()
              OR state = 'processing' AND lease_until < now())
            AND seq <> ALL (?::bigint[])
            AND NOT EXISTS (
              SELECT FROM event_outbox earlier
              WHERE earlier.subscription = e.subscription AND earlier.object_uid = e.object_uid
                AND earlier.seq < e.seq AND earlier.state IN ('queued', 'processing'))
          ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING seq, lease_owner, type, subscription, body, attempts""",
        PostgresOutbox::row,
        owner,
        limits.lease().toMillis() / 1000.0,
        subscription,
        held);
  }

  private void end(OutboxRow row, String state, String error) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE event_outbox
                SET state = ?, error = ?, finished_at = now(), lease_owner = NULL, lease_until = NULL
                WHERE seq = ? AND state = 'processing' AND lease_owner = ?""",
                state,
                Text.error(error),
                row.seq(),
                row.lease()));
  }

  private void again(OutboxRow row, String error, int counted) {
    var backoff = limits.backoff();
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                """
                UPDATE event_outbox
                SET state = 'queued', attempts = attempts + ?, retries = retries + 1, error = ?,
                  lease_owner = NULL, lease_until = NULL, next_attempt_at =
                """
                    + Backoff.sql()
                    + " WHERE seq = ? AND state = 'processing' AND lease_owner = ?",
                counted,
                Text.error(error),
                backoff.capSeconds(),
                backoff.baseSeconds(),
                row.seq(),
                row.lease()));
  }

  private static OutboxRow row(ResultSet row) throws SQLException {
    return new OutboxRow(
        row.getLong("seq"),
        row.getString("lease_owner"),
        row.getString("type"),
        row.getString("subscription"),
        Json.readMap(row.getString("body")),
        row.getInt("attempts") + 1);
  }

  private static List<String> labels(Connection connection, Event event) throws SQLException {
    var id = event.source() == null ? null : event.source().id();
    return PostgresOwnLabels.others(connection, event.namespace(), id, event.labels());
  }

  private static Map<String, Object> body(Event event, List<String> labels) {
    var body = new LinkedHashMap<String, Object>();
    body.put("id", event.key() + "/" + event.type());
    body.put("type", event.type());
    body.put("time", event.time());
    body.put("namespace", event.namespace());
    body.put("kind", event.kind());
    body.put("name", event.name());
    body.put("uid", event.uid());
    body.put("phase", event.phase());
    body.put("reason", event.reason());
    body.put("why", event.why());
    body.put("source", source(event));
    body.put("labels", labels);
    body.put("labelSince", event.labelSince());
    body.put("contentHash", event.contentHash());
    body.put("version", event.version());
    body.put("artifacts", event.artifacts());
    body.put("traceId", event.traceId());
    return body;
  }

  /** A spec that somebody wrote by hand is its own source, so that every spec's event has one. */
  private static Event.Source source(Event event) {
    return event.source() == null && event.type().startsWith("spec.")
        ? new Event.Source(null, "manual", event.uid(), null, null)
        : event.source();
  }
}

package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Unreachable;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door to PostgreSQL. It opens by itself once the database is there and migrated; until then
 * every call throws {@link Unreachable}, and the process starts without it.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Duration PING_STAYS_TRUE = Duration.ofSeconds(5);
  private static final Duration SCHEMA_COMES_WITHIN = Duration.ofMinutes(5);

  /**
   * How much, and how long.
   *
   * @param connections of the pool
   * @param connect for one connection to the server
   * @param acquire for a free connection of the pool
   * @param query for one statement
   * @param retry between two looks for a database that is absent
   * @param migrate false: another process migrates, this one waits until all is there
   */
  public record Limits(
      int connections,
      Duration connect,
      Duration acquire,
      Duration query,
      Duration retry,
      boolean migrate) {
    /** 16 connections, 5 s to connect, 3 s to acquire, 20 s a query, a look each second. */
    public static Limits defaults() {
      return new Limits(
          16,
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          true);
    }
  }

  /** What is done in one transaction. Undone whole when it throws. */
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final DatabaseUrl url;
  private final Schema schema;
  private final Limits limits;
  private final Clock clock;
  private final HikariDataSource pool;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private volatile boolean ready;
  private volatile DatabaseTrouble trouble = DatabaseTrouble.NOT_YET;
  private volatile String schemaVersion;
  private Instant lacksTablesSince;
  private Instant pinged = Instant.MIN;
  private boolean answered;

  public Database(DatabaseUrl url, Limits limits, Clock clock) {
    this.url = url;
    this.schema = new Schema(url);
    this.limits = limits;
    this.clock = clock;
    this.pool = new HikariDataSource(config(url, limits));
  }

  /** Begins to look for the database, in a thread of its own, and migrates it when it is there. */
  public void start() {
    var opening = new Thread(this::open, "database-open");
    opening.setDaemon(true);
    opening.start();
  }

  /** True once it was reached and has every table. It stays so: {@link #ping} tells of today. */
  public boolean ready() {
    return ready;
  }

  /** Waits that long at the most; true when it is ready. */
  public boolean awaitReady(Duration patience) {
    try {
      return opened.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ready;
    }
  }

  /** Why it is not ready; empty when it is. */
  public Optional<DatabaseTrouble> trouble() {
    return ready ? Optional.empty() : Optional.of(trouble);
  }

  /** The newest migration that was there when it became ready. */
  public Optional<String> schemaVersion() {
    return Optional.ofNullable(schemaVersion);
  }

  /** True when it answered within the last 5 s, or answers now. */
  public synchronized boolean ping() {
    var now = clock.instant();
    if (pinged.isBefore(now.minus(PING_STAYS_TRUE))) {
      answered = ready && answersNow();
      pinged = now;
    }
    return answered;
  }

  /**
   * Does the work in one transaction.
   *
   * @throws Unreachable when the database does not answer, or will at another time
   */
  public <T> T inTransaction(Work<T> work) {
    if (!ready) {
      throw new Unreachable("the database is not ready: " + trouble.message());
    }
    try (var connection = pool.getConnection()) {
      return committed(connection, work);
    } catch (SQLException e) {
      throw closing.getCount() == 0 ? new Unreachable("the database is closed", e) : sorted(e);
    }
  }

  /**
   * Makes the pool known as {@code database}, for routes that keep house by {@code jdbc:database}.
   *
   * @param registry takes a name and what it stands for
   */
  public void bind(BiConsumer<String, Object> registry) {
    registry.accept("database", pool);
  }

  @Override
  public void close() {
    closing.countDown();
    pool.close();
  }

  private static <T> T committed(Connection connection, Work<T> work) throws SQLException {
    try {
      var result = work.on(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      undo(connection, e);
      throw e;
    }
  }

  private static void undo(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private boolean answersNow() {
    try (var connection = pool.getConnection()) {
      return connection.isValid((int) Math.max(1, limits.acquire().toSeconds()));
    } catch (SQLException e) {
      LOG.atDebug().setCause(e).log("The database does not answer");
      return false;
    }
  }

  private void open() {
    try {
      do {
        try {
          requireUuids();
          if (hasTables()) {
            return;
          }
        } catch (SQLException | FlywayException e) {
          tell(DatabaseTrouble.of(e));
        }
      } while (!closing.await(limits.retry().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireUuids() throws SQLException {
    try (var connection = pool.getConnection();
        var statement = connection.prepareStatement("SELECT gen_random_uuid()")) {
      statement.execute();
    }
  }

  /** Brings them, or looks whether somebody else has; then the door is open. */
  private boolean hasTables() {
    if (limits.migrate()) {
      schema.bringUp();
    } else {
      int missing = schema.missing();
      if (missing > 0) {
        waitForTables(missing);
        return false;
      }
    }
    schemaVersion = schema.version().orElse(null);
    ready = true;
    opened.countDown();
    LOG.atInfo()
        .addKeyValue("database", url)
        .addKeyValue("schemaVersion", schemaVersion)
        .log("The database is ready");
    return true;
  }

  private void waitForTables(int missing) {
    tell(DatabaseTrouble.missing(missing));
    var now = clock.instant();
    if (lacksTablesSince == null) {
      lacksTablesSince = now;
    } else if (lacksTablesSince.plus(SCHEMA_COMES_WITHIN).isBefore(now)) {
      LOG.atError()
          .addKeyValue("database", url)
          .addKeyValue("missing", missing)
          .log(
              "The schema did not come within 5 minutes: does a control plane of this version run?");
      lacksTablesSince = now;
    }
  }

  private void tell(DatabaseTrouble now) {
    if (!now.equals(trouble)) {
      LOG.atWarn()
          .addKeyValue("database", url)
          .addKeyValue("code", now.code())
          .addKeyValue("reason", now.message())
          .log("The database is not ready; trying again until it is");
    }
    trouble = now;
  }

  /** Asking again helps: no connection, the server going or coming, no room, a lost race. */
  static RuntimeException sorted(SQLException e) {
    var state = e.getSQLState() == null ? "" : e.getSQLState();
    var ofPassing =
        e instanceof SQLTransientConnectionException
            || state.startsWith("08")
            || state.startsWith("57")
            || state.startsWith("53")
            || state.startsWith("40")
            || state.equals("55P03")
            || state.equals("25006");
    return ofPassing
        ? new Unreachable("the database: " + e.getMessage(), e)
        : new IllegalStateException("the database refused a statement: " + e.getMessage(), e);
  }

  private static HikariConfig config(DatabaseUrl url, Limits limits) {
    var config = new HikariConfig();
    config.setPoolName("jangar");
    config.setJdbcUrl(url.jdbcUrl());
    config.setUsername(url.user());
    config.setPassword(url.password());
    config.setAutoCommit(false);
    config.setMaximumPoolSize(limits.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(limits.acquire().toMillis());
    config.setValidationTimeout(Math.min(limits.acquire().toMillis(), 2_000));
    config.setKeepaliveTime(60_000);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "jangar");
    config.addDataSourceProperty("connectTimeout", limits.connect().toSeconds());
    config.addDataSourceProperty("loginTimeout", limits.connect().toSeconds());
    config.addDataSourceProperty("socketTimeout", limits.query().toSeconds() + 5);
    config.addDataSourceProperty("tcpKeepAlive", true);
    config.addDataSourceProperty(
        "options", "-c statement_timeout=" + limits.query().toMillis() + " -c timezone=UTC");
    return config;
  }
}

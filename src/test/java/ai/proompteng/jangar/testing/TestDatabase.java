package ai.proompteng.jangar.testing;

import ai.proompteng.jangar.store.Database;
import ai.proompteng.jangar.store.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A database of its own for each test, on the one server of this JVM. The server does not wait for
 * the disk: a test about durability starts its own.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static EmbeddedPostgres server;
  private static String template;

  private final DatabaseUrl url;
  private final List<Database> opened = new ArrayList<>();
  private final Database database;

  private TestDatabase(DatabaseUrl url) {
    this.url = url;
    this.database = open();
  }

  /** A new one, migrated. */
  public static TestDatabase create() {
    var name = "test_" + COUNT.incrementAndGet();
    createDatabase(name + " TEMPLATE " + template());
    return new TestDatabase(url(name));
  }

  public DatabaseUrl url() {
    return url;
  }

  public Database database() {
    return database;
  }

  /** Another door to it, as another process has. */
  public Database open() {
    var door =
        new Database(
            url,
            new Database.Limits(
                8,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofMillis(100),
                true),
            Clock.systemUTC());
    opened.add(door);
    door.start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(door::ready);
    return door;
  }

  /** The first column of each row. */
  public List<String> read(String sql) {
    try (var connection = DriverManager.getConnection(url.jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var read = new ArrayList<String>();
      while (rows.next()) {
        read.add(rows.getString(1));
      }
      return read;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes something behind everybody's back. */
  public int change(String sql) {
    try (var connection = DriverManager.getConnection(url.jdbcUrl());
        var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    opened.forEach(Database::close);
  }

  /** Migrated once; each test's database is a copy of it. */
  private static synchronized String template() {
    if (template == null) {
      createDatabase("migrated");
      new TestDatabase(url("migrated")).close();
      template = "migrated";
    }
    return template;
  }

  private static void createDatabase(String words) {
    try (var connection = DriverManager.getConnection(server().getJdbcUrl("postgres", "postgres"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + words);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DatabaseUrl url(String name) {
    return DatabaseUrl.parse(server().getJdbcUrl("postgres", name));
  }

  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("max_connections", "200")
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return server;
  }
}

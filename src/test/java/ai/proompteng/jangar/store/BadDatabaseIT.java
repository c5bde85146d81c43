package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is wrong with a database is named, with what to do, and mended without a new start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadDatabaseIT {
  private static final Duration LONG = Duration.ofSeconds(40);

  private EmbeddedPostgres server;

  @BeforeAll
  void start() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @Test
  void one_that_is_down_is_unreachable() throws IOException {
    try (var free = new ServerSocket(0)) {
      int port = free.getLocalPort();
      free.close();
      try (var database = open("postgres://postgres@localhost:" + port + "/postgres", true)) {
        awaitTrouble(database, "database_unreachable", "refused");
      }
    }
  }

  @Test
  void one_that_is_not_there_and_one_that_lets_nobody_in_are_named() {
    try (var database = open(url("postgres", "nowhere"), true)) {
      awaitTrouble(database, "database_missing", "\"nowhere\" does not exist");
    }
    try (var database = open(url("nobody", "postgres"), true)) {
      awaitTrouble(database, "database_login_refused", "\"nobody\" does not exist");
    }
  }

  @Test
  void one_without_random_uuids_says_what_its_owner_must_do() {
    sql("postgres", "CREATE DATABASE bare");
    var rename = "SET allow_system_table_mods = on; UPDATE pg_proc SET proname = '%s' WHERE %s";
    sql("bare", rename.formatted("elsewhere", "proname = 'gen_random_uuid'"));
    try (var database = open(url("postgres", "bare"), true)) {
      awaitTrouble(database, "database_pgcrypto_missing", "CREATE EXTENSION pgcrypto");
      sql("bare", rename.formatted("gen_random_uuid", "proname = 'elsewhere'"));
      await().atMost(LONG).until(database::ready);
    }
  }

  @Test
  void one_whose_user_may_not_make_tables_is_named_until_it_may() {
    sql("postgres", "CREATE ROLE guest LOGIN", "CREATE DATABASE theirs");
    try (var database = open(url("guest", "theirs"), true)) {
      awaitTrouble(database, "database_rights_missing", "permission denied for schema public");
      sql("theirs", "GRANT CREATE ON SCHEMA public TO guest");
      await().atMost(LONG).until(database::ready);
    }
  }

  @Test
  void one_that_another_process_migrates_is_waited_for() {
    sql("postgres", "CREATE DATABASE shared");
    try (var waiting = open(url("postgres", "shared"), false)) {
      awaitTrouble(waiting, "database_migrations_missing", "the control plane brings them");
      try (var migrating = open(url("postgres", "shared"), true)) {
        await().atMost(LONG).until(migrating::ready);
        await().atMost(LONG).until(waiting::ready);
        assertThat(waiting.schemaVersion()).isPresent().isEqualTo(migrating.schemaVersion());
      }
    }
  }

  private void awaitTrouble(Database database, String code, String words) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              assertThat(database.trouble().map(DatabaseTrouble::code)).contains(code);
              assertThat(database.trouble().get().message()).contains(words);
            });
    assertThat(database.ready()).isFalse();
  }

  private String url(String user, String name) {
    return "postgres://%s@localhost:%d/%s".formatted(user, server.getPort(), name);
  }

  private void sql(String database, String... statements) {
    try (var connection = DriverManager.getConnection(server.getJdbcUrl("postgres", database));
        var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Database open(String url, boolean migrate) {
    var database =
        new Database(
            DatabaseUrl.parse(url),
            new Database.Limits(
                4,
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                Duration.ofMillis(100),
                migrate),
            Clock.systemUTC());
    database.start();
    return database;
  }
}

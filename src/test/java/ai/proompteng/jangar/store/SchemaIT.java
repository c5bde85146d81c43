package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** However the schema came to be, it is the same in the end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String COLUMNS =
      "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)"
          + " FROM information_schema.columns WHERE table_schema = 'public'"
          + " ORDER BY table_name, ordinal_position";
  private static final String INDEXES =
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef";

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
  void two_that_migrate_at_once_apply_each_migration_once() {
    sql("postgres", "CREATE DATABASE at_once");
    try (var one = open("at_once");
        var other = open("at_once")) {
      await().atMost(LONG).until(() -> one.ready() && other.ready());
      assertThat(read("at_once", "SELECT script FROM flyway_schema_history WHERE success"))
          .doesNotHaveDuplicates()
          .hasSizeGreaterThanOrEqualTo(8);
    }
  }

  @Test
  void a_schema_that_is_newer_is_taken_as_it_is() {
    migrated("newer");
    sql(
        "newer",
        "ALTER TABLE agent_runs ADD COLUMN of_the_future text",
        """
        INSERT INTO flyway_schema_history
          (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        VALUES (9000, '9000', 'future', 'SQL', 'V9000__future.sql', 1, 'postgres', 1, true)""");
    try (var database = open("newer")) {
      await().atMost(LONG).until(database::ready);
      assertThat(database.schemaVersion()).contains("9000");
    }
  }

  @Test
  void a_migration_that_was_changed_after_it_was_applied_is_named() {
    migrated("changed");
    sql("changed", "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '3'");
    try (var database = open("changed")) {
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(database.trouble().map(DatabaseTrouble::code))
                      .contains("database_migrations_changed"));
    }
  }

  /** Each statement's connection is cut once, as by a process that is killed there. */
  @Test
  @Tag("slow")
  void a_migration_that_is_cut_off_at_any_statement_is_whole_at_the_next_start() {
    migrated("whole");
    var columns = read("whole", COLUMNS);
    var indexes = read("whole", INDEXES);
    int cut = 0;
    for (int statement = 1; cut == statement - 1; statement++) {
      var name = "cut_" + statement;
      sql("postgres", "CREATE DATABASE " + name);
      sql(name, cutting(statement));
      migrated(name);
      cut += read(name, "SELECT last_value FROM cuts.cut WHERE is_called").size();
      sql(name, "DROP EVENT TRIGGER cut_here", "DROP SCHEMA cuts CASCADE");
      assertThat(read(name, COLUMNS)).as("cut at statement " + statement).isEqualTo(columns);
      assertThat(read(name, INDEXES)).as("cut at statement " + statement).isEqualTo(indexes);
    }
    assertThat(cut).isGreaterThan(40);
  }

  /** Sequences survive the rollback, so that the second try gets by. */
  private static String[] cutting(int statement) {
    return new String[] {
      "CREATE SCHEMA cuts",
      "CREATE SEQUENCE cuts.seen",
      "CREATE SEQUENCE cuts.cut",
      """
      CREATE FUNCTION cuts.cut_here() RETURNS event_trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('cuts.seen') = %d THEN
          PERFORM nextval('cuts.cut');
          PERFORM pg_terminate_backend(pg_backend_pid());
        END IF;
      END $$"""
          .formatted(statement),
      "CREATE EVENT TRIGGER cut_here ON ddl_command_end EXECUTE FUNCTION cuts.cut_here()",
    };
  }

  /** Migrates it, however often it takes; one that is not there is made first. */
  private void migrated(String name) {
    if (read("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + name + "'").isEmpty()) {
      sql("postgres", "CREATE DATABASE " + name);
    }
    try (var database = open(name)) {
      await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(database::ready);
    }
  }

  private Database open(String name) {
    var database =
        new Database(
            DatabaseUrl.parse("postgres://postgres@localhost:" + server.getPort() + "/" + name),
            new Database.Limits(
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofMillis(20),
                true),
            Clock.systemUTC());
    database.start();
    return database;
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

  private List<String> read(String database, String query) {
    try (var connection = DriverManager.getConnection(server.getJdbcUrl("postgres", database));
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var read = new ArrayList<String>();
      while (rows.next()) {
        read.add(rows.getString(1));
      }
      return read;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}

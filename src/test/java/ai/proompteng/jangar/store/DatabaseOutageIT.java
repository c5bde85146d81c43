package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.WorkItem;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseOutageIT {
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path folder;

  @Test
  void the_door_waits_for_the_database_and_finds_it_again_with_all_it_had() throws Exception {
    int port = freePort();
    var url = DatabaseUrl.parse("postgres://postgres@localhost:" + port + "/postgres");
    var rung = new AtomicInteger();
    try (var database = new Database(url, limits(), Clock.systemUTC());
        var bell = new Bell(url, Duration.ofMillis(100))) {
      bell.on(Bell.Channel.INTAKE, rung::incrementAndGet);
      database.start();
      bell.start();
      var ledger = new Ledger(database, Ledger.Limits.defaults(), "one");

      assertThatThrownBy(() -> ledger.append(List.of(item("d1")))).isInstanceOf(Unreachable.class);
      assertThat(database.ready()).isFalse();
      assertThat(database.trouble()).isPresent();
      assertThat(database.ping()).isFalse();

      try (var server = server(port)) {
        await().atMost(LONG).until(database::ready);
        assertThat(database.trouble()).isEmpty();
        assertThat(ledger.append(List.of(item("d1"))).queued()).isEqualTo(1);
        await().atMost(LONG).until(() -> rung.get() > 0);
      }
      assertThatThrownBy(() -> ledger.append(List.of(item("d2")))).isInstanceOf(Unreachable.class);
      await().atMost(LONG).until(() -> !database.ping());

      int before = rung.get();
      try (var server = server(port)) {
        await().atMost(LONG).until(() -> rung.get() > before);
        await().atMost(LONG).ignoreExceptions().until(() -> ledger.claim().isPresent());
        assertThat(ledger.append(List.of(item("d1")))).isEqualTo(new Ledger.Accepted(0, 1));
        readOnly(database, true);
        assertThatThrownBy(() -> ledger.append(List.of(item("d3"))))
            .isInstanceOf(Unreachable.class);
      }
    }
  }

  private static void readOnly(Database database, boolean on) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection, "ALTER ROLE postgres SET default_transaction_read_only = " + on));
    // the setting holds for new connections alone
    database.inTransaction(
        connection ->
            Sql.query(
                connection,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'jangar' AND pid <> pg_backend_pid()",
                row -> null));
    try {
      database.inTransaction(
          connection ->
              Sql.query(connection, "SELECT pg_terminate_backend(pg_backend_pid())", row -> null));
    } catch (Unreachable e) {
      assertThat(e).hasMessageContaining("database");
    }
  }

  private EmbeddedPostgres server(int port) throws Exception {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .start();
  }

  private static Database.Limits limits() {
    return new Database.Limits(
        4,
        Duration.ofSeconds(2),
        Duration.ofMillis(500),
        Duration.ofSeconds(20),
        Duration.ofMillis(100),
        true);
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static WorkItem item(String delivery) {
    return new WorkItem(
        "sample", "agents", "uid", "github", "o/r#1", "I_1", delivery, null, "issues", "opened",
        "open", "T", "text", List.of(), null, null, null, null);
  }
}

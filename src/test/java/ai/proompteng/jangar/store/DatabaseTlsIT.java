package ai.proompteng.jangar.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.Authority;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL behind TLS is believed for its certificate alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseTlsIT {
  private static final Duration LONG = Duration.ofSeconds(40);

  private Authority ours;
  private Authority another;
  private EmbeddedPostgres server;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    ours = Authority.in(folder.resolve("ours"));
    another = Authority.in(folder.resolve("another"));
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", ours.serverCertificate().toString())
            .setServerConfig("ssl_key_file", ours.serverKey().toString())
            .start();
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @Test
  void with_its_authority_every_connection_is_verified_the_bells_too() {
    var url = url("localhost").verifiedBy(ours.certificate());
    var rung = new AtomicInteger();
    try (var database = open(url);
        var bell = new Bell(url, Duration.ofMillis(100))) {
      bell.on(Bell.Channel.INTAKE, rung::incrementAndGet);
      bell.start();
      await().atMost(LONG).until(database::ready);
      await().atMost(LONG).until(() -> rung.get() > 0);
      assertThat(encrypted()).contains("jangar", "jangar-bell");
    }
  }

  @Test
  void with_another_authority_it_is_not_used_and_the_reason_is_named() {
    try (var database = open(url("localhost").verifiedBy(another.certificate()))) {
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(database.trouble().map(DatabaseTrouble::code))
                      .contains("database_certificate_refused"));
      assertThat(database.trouble().get().message())
          .startsWith("the database's certificate is none that PGSSLROOTCERT vouches for");
    }
  }

  @Test
  void a_certificate_for_another_host_is_not_believed() {
    try (var database = open(url("127.0.0.1").verifiedBy(ours.certificate()))) {
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(database.trouble().map(DatabaseTrouble::message).orElse(""))
                      .contains("127.0.0.1", "verified"));
    }
  }

  private DatabaseUrl url(String host) {
    return DatabaseUrl.parse(
        "postgres://postgres@%s:%d/postgres?sslmode=require".formatted(host, server.getPort()));
  }

  private static Database open(DatabaseUrl url) {
    var database =
        new Database(
            url,
            new Database.Limits(
                4,
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                Duration.ofMillis(100),
                true),
            Clock.systemUTC());
    database.start();
    return database;
  }

  /** Who is connected by TLS. */
  private List<String> encrypted() {
    try (var connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT DISTINCT application_name FROM pg_stat_activity JOIN pg_stat_ssl USING"
                    + " (pid) WHERE ssl")) {
      var names = new ArrayList<String>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}

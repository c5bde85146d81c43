package ai.proompteng.jangar.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.Authority;
import ai.proompteng.jangar.testing.ServerProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose settings are wrong ends and says which; one whose database is wrong says why. */
class StartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BAD_SETTINGS = 2;

  @TempDir Path folder;

  @Test
  void without_a_database_url_it_ends_and_names_it() throws IOException {
    try (var server = server("").start()) {
      assertThat(server.awaitEnd()).isEqualTo(BAD_SETTINGS);
      assertThat(lastLine(server)).contains("DATABASE_URL must be set");
    }
  }

  @Test
  void a_wrong_setting_ends_it_and_is_named_and_no_secret_is_told() throws IOException {
    var server =
        server("mysql://me:hunter2@db/jangar")
            .with("JANGAR_MIGRATIONS", "perhaps")
            .with("PGSSLROOTCERT", folder.resolve("none.crt").toString());
    try (server) {
      assertThat(server.start().awaitEnd()).isEqualTo(BAD_SETTINGS);
      assertThat(lastLine(server))
          .contains("DATABASE_URL must be postgres://")
          .contains("JANGAR_MIGRATIONS must be auto, or one of skip")
          .contains("PGSSLROOTCERT must be a file of PEM certificates");
      assertThat(server.log()).doesNotContain("hunter2");
    }
  }

  @Test
  void a_database_of_another_authority_is_named_once_and_not_used() throws IOException {
    var theirs = Authority.in(folder.resolve("theirs"));
    var ours = Authority.in(folder.resolve("ours"));
    try (var postgres =
            EmbeddedPostgres.builder()
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", theirs.serverCertificate().toString())
                .setServerConfig("ssl_key_file", theirs.serverKey().toString())
                .start();
        var server =
            server("postgres://postgres:hunter2@localhost:" + postgres.getPort() + "/postgres")) {
      server
          .with("PGSSLROOTCERT", ours.certificate().toString())
          .with("JANGAR_AGENTS_CONTROLLER_NAMESPACE", "agents")
          .with("JANGAR_GRPC_ENABLED", "true")
          .start();
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(
              () ->
                  assertThat(server.get("/ready").body()).contains("database_certificate_refused"));
      assertThat(server.get("/health").statusCode()).isEqualTo(200);
      assertThat(lines(server, "The database is not ready;")).hasSize(1);
      assertThat(server.log()).doesNotContain("\tat ", "\\tat ", "hunter2");
      assertThat(lines(server, "nothing reads it").toString())
          .contains("JANGAR_AGENTS_CONTROLLER_NAMESPACE", "JANGAR_AGENTS_CONTROLLER_NAMESPACES");
      assertThat(lines(server, "have no effect yet").toString()).contains("JANGAR_GRPC_ENABLED");
    }
  }

  private ServerProcess server(String database) throws IOException {
    var nowhere = folder.resolve("kubeconfig");
    Files.writeString(
        nowhere,
        """
        apiVersion: v1
        kind: Config
        current-context: nowhere
        clusters: [{name: nowhere, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: nobody, user: {token: none}}]
        contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
        """);
    return new ServerProcess(nowhere, database, "agents");
  }

  private static List<String> lines(ServerProcess server, String words) {
    return server.log().lines().filter(line -> line.contains(words)).toList();
  }

  private static String lastLine(ServerProcess server) {
    await().atMost(PATIENCE).until(() -> !server.log().isBlank());
    return server.log().lines().reduce("", (before, line) -> line);
  }
}

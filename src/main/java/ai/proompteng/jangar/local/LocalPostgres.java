package ai.proompteng.jangar.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The embedded PostgreSQL, as durable as a real one: a 2xx of the intake is a promise. */
final class LocalPostgres implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final EmbeddedPostgres server;

  private LocalPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Makes a new cluster in the folder and starts it, on loopback. */
  static LocalPostgres start(Path data) throws IOException {
    return new LocalPostgres(
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false) // it is new; what is kept can be looked at
            .setRegisterShutdownHook(false) // stopped in order, after those who write to it
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("listen_addresses", "localhost")
            .setPGStartupWait(START)
            .start());
  }

  /** A JDBC URL of the database. */
  String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

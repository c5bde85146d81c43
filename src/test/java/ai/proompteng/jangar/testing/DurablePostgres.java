package ai.proompteng.jangar.testing;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A PostgreSQL server that keeps what it has committed, over a kill and over a stop. */
public final class DurablePostgres implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private EmbeddedPostgres server;

  private DurablePostgres(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** A new one, empty. */
  public static DurablePostgres create() {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var folder = Files.createTempDirectory("jangar-postgres-");
      var postgres = new DurablePostgres(folder, probe.getLocalPort());
      probe.close();
      postgres.start();
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** Starts it where it was stopped or killed. */
  public void start() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder.resolve("data"))
              .setCleanDataDirectory(false)
              .setPort(port)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setPGStartupWait(START)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the whole server as a power cut does. */
  public void kill() {
    var postmaster =
        ProcessHandle.of(Long.parseLong(firstLine(folder.resolve("data/postmaster.pid"))))
            .orElseThrow();
    var all = new ArrayList<>(List.of(postmaster));
    all.addAll(postmaster.descendants().toList());
    all.forEach(ProcessHandle::destroyForcibly);
    await().atMost(START).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    stop();
  }

  /** Asks it to end, and waits. */
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows, each as its columns by name. */
  public List<Map<String, String>> read(String sql) {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var read = new ArrayList<Map<String, String>>();
      var columns = rows.getMetaData();
      while (rows.next()) {
        var row = new java.util.LinkedHashMap<String, String>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          row.put(columns.getColumnLabel(i), rows.getString(i));
        }
        read.add(row);
      }
      return read;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes something behind everybody's back. */
  public void change(String... statements) {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The one number that the query gives. */
  public int count(String sql) {
    return Integer.parseInt(read(sql).get(0).values().iterator().next());
  }

  @Override
  public void close() {
    stop();
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).get(0).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

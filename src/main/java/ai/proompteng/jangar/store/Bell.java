package ai.proompteng.jangar.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LISTEN on a connection of its own: says that rows have come, never which. A ring may be lost with
 * the connection, so whoever listens polls beside it; after each reconnect all are rung.
 */
public final class Bell implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Bell.class);
  private static final int LOOK_MILLIS = 10_000;

  /** What rows may come to. */
  public enum Channel {
    INTAKE("jangar_intake"),
    EVENTS("jangar_events"),
    CLAIMS("jangar_claims"),
    PAUSES("jangar_pauses");

    private final String word;

    Channel(String word) {
      this.word = word;
    }

    /** Rings at the commit of this transaction. */
    void ring(Connection connection) throws SQLException {
      Sql.query(connection, "SELECT pg_notify(?, '')", row -> null, word);
    }
  }

  private record Listener(Channel channel, Runnable woken) {}

  private final DatabaseUrl url;
  private final Duration retry;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Connection connection;

  /**
   * @param retry between two tries to connect
   */
  public Bell(DatabaseUrl url, Duration retry) {
    this.url = url;
    this.retry = retry;
  }

  /** Begins to listen, in a thread of its own. */
  public void start() {
    var listening = new Thread(this::listen, "database-bell");
    listening.setDaemon(true);
    listening.start();
  }

  /**
   * Calls back when rows may have come, in the bell's thread: wake somebody and return.
   *
   * @return what ends it
   */
  public Runnable on(Channel channel, Runnable woken) {
    var listener = new Listener(channel, woken);
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    closing.countDown();
    drop(connection);
  }

  private void listen() {
    try {
      do {
        listenOnce();
      } while (!closing.await(retry.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listenOnce() {
    try (var opened = DriverManager.getConnection(url.jdbcUrl(), properties())) {
      connection = opened;
      for (var channel : Channel.values()) {
        Sql.update(opened, "LISTEN " + channel.word);
      }
      listeners.forEach(listener -> listener.woken().run());
      while (closing.getCount() > 0) {
        pass(opened);
      }
    } catch (SQLException e) {
      if (closing.getCount() > 0) {
        LOG.atDebug().setCause(e).log("The bell has no connection");
      }
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("A listener of the bell failed; it goes on");
    }
  }

  private void pass(Connection opened) throws SQLException {
    var rung = opened.unwrap(PGConnection.class).getNotifications(LOOK_MILLIS);
    if (rung == null || rung.length == 0) {
      Sql.query(opened, "SELECT 1", row -> null); // a connection that is cut off stays silent
      return;
    }
    var words = Arrays.stream(rung).map(notification -> notification.getName()).distinct().toList();
    listeners.stream()
        .filter(listener -> words.contains(listener.channel().word))
        .forEach(listener -> listener.woken().run());
  }

  private Properties properties() {
    var properties = new Properties();
    if (url.user() != null) {
      properties.setProperty("user", url.user());
    }
    if (url.password() != null) {
      properties.setProperty("password", url.password());
    }
    properties.setProperty("ApplicationName", "jangar-bell");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketTimeout", "30");
    return properties;
  }

  private static void drop(Connection open) {
    if (open == null) {
      return;
    }
    try {
      open.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.atDebug().setCause(e).log("The bell's connection was gone already");
    }
  }
}

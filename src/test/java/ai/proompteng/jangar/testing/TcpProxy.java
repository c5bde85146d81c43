package ai.proompteng.jangar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a server on this machine that can be cut and joined. Closed at first. */
public final class TcpProxy implements AutoCloseable {
  private final int target;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;
  private volatile boolean frozen;

  /**
   * @param target the server's port on the loopback address
   */
  public TcpProxy(int target) {
    this.target = target;
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** Lets connections through from now on. */
  public synchronized void join() {
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      start("accept", () -> accept(listener));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes on accepting and connected, but not a byte comes through until {@link #thaw}. */
  public void freeze() {
    frozen = true;
  }

  /** New connections come through again; those that were frozen stay dead. */
  public void thaw() {
    frozen = false;
  }

  /** Breaks every connection and refuses new ones. */
  public synchronized void cut() {
    close(listener);
    open.forEach(TcpProxy::close);
    open.clear();
  }

  @Override
  public void close() {
    cut();
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        var client = from.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(server);
        start("out", () -> pump(client, server));
        start("in", () -> pump(server, client));
      }
    } catch (IOException e) {
      close(from); // cut
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      var bytes = new byte[8192];
      boolean dead = false;
      for (int count = 0; count >= 0; count = from.getInputStream().read(bytes)) {
        dead |= frozen;
        if (!dead) {
          to.getOutputStream().write(bytes, 0, count);
        }
      }
    } catch (IOException e) {
      close(from); // broken: so is the other side
    } finally {
      close(from);
      close(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void start(String name, Runnable work) {
    var thread = new Thread(work, "tcp-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(AutoCloseable what) {
    try {
      if (what != null) {
        what.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

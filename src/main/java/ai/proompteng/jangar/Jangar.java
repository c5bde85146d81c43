package ai.proompteng.jangar;

import ai.proompteng.jangar.kube.ClusterClients;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The server: {@code java -jar jangar.jar}. It runs until it is told to stop. */
public final class Jangar {
  private static final Logger LOG = LoggerFactory.getLogger(Jangar.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /**
   * A pod has 30 s from the signal to its death. What does not end by itself in this time, because
   * nobody answers it, ends with the process.
   */
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(25);

  private static final int NOT_STARTED = 1;
  private static final int BAD_SETTINGS = 2;

  private Jangar() {}

  /**
   * Takes no arguments: its settings are the environment's, its cluster {@code KUBECONFIG}'s or the
   * pod's own.
   */
  public static void main(String[] arguments) throws InterruptedException {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install(); // some libraries log by the JDK's own means
    var stopped = new CountDownLatch(1);
    var stopping = new AtomicBoolean();
    try {
      var settings = Settings.ofProcess();
      settings.announce();
      var server =
          Wiring.server(settings, ClusterClients.open(Config.autoConfigure(null), REQUEST_TIMEOUT));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    stopping.set(true);
                    stop(server);
                    stopped.countDown();
                  },
                  "jangar-stop"));
      server.start();
    } catch (Setting.BadSetting e) {
      LOG.atError().log(e.getMessage());
      System.exit(BAD_SETTINGS);
    } catch (RuntimeException e) {
      if (stopping.get()) { // it was asked to stop before it had started: that is no failure
        stopped.await();
        return;
      }
      LOG.atError().addKeyValue("reason", e.getMessage()).setCause(e).log("Jangar does not start");
      System.exit(NOT_STARTED);
    }
    stopped.await();
  }

  private static void stop(Wiring server) {
    var closing = new Thread(server::close, "jangar-close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(STOPPED_WITHIN.toMillis());
      if (closing.isAlive()) {
        LOG.atWarn().log("Not all work came to an end in time; it ends with the process");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

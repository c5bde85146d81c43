package ai.proompteng.jangar;

import ai.proompteng.jangar.kube.ClusterClients;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The server: {@code java -jar jangar.jar}. It runs until it is told to stop. */
public final class Jangar {
  private static final Logger LOG = LoggerFactory.getLogger(Jangar.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
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
    try {
      var settings = Settings.ofProcess();
      settings.announce();
      var server =
          Wiring.server(settings, ClusterClients.open(Config.autoConfigure(null), REQUEST_TIMEOUT));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    stopped.countDown();
                  },
                  "jangar-stop"));
      server.start();
    } catch (Setting.BadSetting e) {
      LOG.atError().log(e.getMessage());
      System.exit(BAD_SETTINGS);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("reason", e.getMessage()).setCause(e).log("Jangar does not start");
      System.exit(NOT_STARTED);
    }
    stopped.await();
  }
}

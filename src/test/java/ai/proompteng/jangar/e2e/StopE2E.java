package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TcpProxy;
import ai.proompteng.jangar.testing.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pod is killed 30 s after it was asked to stop: whatever a server is doing, and whoever is away,
 * it has stopped by itself well before.
 */
@Tag("slow")
@NeedsCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StopE2E {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration IN_TIME = Duration.ofSeconds(28);

  private final TestCluster real;
  private final DurablePostgres database = DurablePostgres.create();
  private TcpProxy toDatabase;
  private TcpProxy toCluster;
  private final AtomicBoolean loaded = new AtomicBoolean();
  private ServerProcess server;

  StopE2E(TestCluster real) {
    this.real = real;
    new Desk(real, database);
  }

  @BeforeEach
  void wire(@TempDir Path folder) throws IOException {
    toDatabase = new TcpProxy(URI.create(database.url().substring("jdbc:".length())).getPort());
    toCluster = new TcpProxy(URI.create(real.config().getMasterUrl()).getPort());
    toDatabase.join();
    toCluster.join();
    var kubeconfig = folder.resolve("kubeconfig");
    var direct = Files.readString(real.server().kubeconfig());
    Files.writeString(
        kubeconfig,
        direct.replaceAll(
            "https://127\\.0\\.0\\.1:[0-9]+", "https://127.0.0.1:" + toCluster.port()));
    var url = database.url().replaceFirst("localhost:[0-9]+", "localhost:" + toDatabase.port());
    assertThat(url).contains(":" + toDatabase.port() + "/");
    server =
        new ServerProcess(kubeconfig, url, real.namespace())
            .with("JANGAR_LEADER_ELECTION_LEASE_DURATION_SECONDS", "6")
            .with("JANGAR_LEADER_ELECTION_RENEW_DEADLINE_SECONDS", "4")
            .with("JANGAR_LEADER_ELECTION_RETRY_PERIOD_SECONDS", "1");
  }

  @AfterEach
  void end() {
    loaded.set(false);
    server.close();
    toDatabase.close();
    toCluster.close();
  }

  @AfterAll
  void close() {
    database.close();
  }

  @RepeatedTest(3)
  void at_any_moment_of_its_start(RepetitionInfo round) {
    server.start();
    int least = 400 * round.getCurrentRepetition();
    var after = Duration.ofMillis(least + ThreadLocalRandom.current().nextInt(2_000));
    await().pollDelay(after).atMost(PATIENCE).until(() -> true);
    stopsInTime("after " + after.toMillis() + " ms");
  }

  @Test
  void at_work() {
    server.start().awaitReady();
    load();
    stopsInTime("at work");
  }

  @Test
  void while_the_database_is_gone() {
    server.start().awaitReady();
    load();
    toDatabase.cut();
    stopsInTime("without a database");
  }

  @Test
  void while_the_database_does_not_answer() {
    server.start().awaitReady();
    load();
    toDatabase.freeze();
    stopsInTime("with a frozen database");
  }

  @Test
  void while_the_api_server_is_gone() {
    server.start().awaitReady();
    load();
    toCluster.cut();
    stopsInTime("without an API server");
  }

  @Test
  void while_nobody_answers() {
    server.start().awaitReady();
    load();
    toCluster.freeze();
    toDatabase.freeze();
    stopsInTime("with nobody who answers");
  }

  /** Deliveries go on until the test ends; returns once there are runs of them. */
  private void load() {
    loaded.set(true);
    var taken = new java.util.concurrent.atomic.AtomicInteger();
    for (int i = 0; i < 2; i++) {
      int first = 1_000 * (i + 1);
      var sender =
          new Thread(
              () -> {
                for (int number = first; loaded.get(); number++) {
                  if (delivered(number)) {
                    taken.incrementAndGet();
                  }
                }
              },
              "load");
      sender.setDaemon(true);
      sender.start();
    }
    await()
        .atMost(PATIENCE)
        .until(() -> taken.get() > 20 && server.log().contains("A run was handed to its runtime"));
  }

  private boolean delivered(int number) {
    try {
      return deliver(server, "labeled", issue(number, 1, "jangar")).statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false; // it is being stopped
    }
  }

  private void stopsInTime(String when) {
    var began = System.nanoTime();
    server.stop();
    var took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println("a server stopped " + when + " in " + took.toMillis() + " ms");
    assertThat(took).as(when).isLessThan(IN_TIME);
  }
}

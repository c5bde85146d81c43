package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.awaitility.Awaitility.await;

import ai.proompteng.jangar.testing.GitHubIssue;
import ai.proompteng.jangar.testing.ServerProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A new issue and an edit of it, again and again, to each server in turn that is in service, as a
 * Service does it. What is refused is delivered again.
 */
final class Traffic implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final List<ServerProcess> inService = new CopyOnWriteArrayList<>();
  private final Set<Integer> refusals = new ConcurrentSkipListSet<>();
  private final AtomicInteger issues = new AtomicInteger();
  private final AtomicInteger turn = new AtomicInteger();
  private final ScheduledExecutorService clerk = Executors.newSingleThreadScheduledExecutor();
  private volatile Throwable broken;
  private volatile Duration longestRefusal = Duration.ZERO;

  /** Begins, an issue a period; at least one server is in service. */
  void begin(Duration period) {
    clerk.scheduleAtFixedRate(this::issueAndEdit, 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What is under way comes to its end. */
  void end() throws InterruptedException {
    clerk.shutdown();
    if (!clerk.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS) || broken != null) {
      throw new AssertionError("the deliveries do not go on", broken);
    }
  }

  void enter(ServerProcess server) {
    inService.add(server);
  }

  /** No delivery goes there any more, and none is under way. */
  synchronized void leave(ServerProcess server) {
    inService.remove(server);
  }

  /** How many issues there are; they have the numbers from 1 on. */
  int issues() {
    return issues.get();
  }

  /** Every status other than 200 that was answered. */
  Set<Integer> refusals() {
    return refusals;
  }

  /** How long a delivery that was refused had to wait for its 200, at the most. */
  Duration longestRefusal() {
    return longestRefusal;
  }

  @Override
  public void close() {
    clerk.shutdownNow();
  }

  private void issueAndEdit() {
    if (broken != null || issues.get() + 1 >= Desk.ENDLESS) {
      return;
    }
    try {
      int number = issues.incrementAndGet();
      untilTaken("labeled", issue(number, 1, "jangar"));
      untilTaken("edited", issue(number, 2, "jangar"));
    } catch (RuntimeException | AssertionError e) {
      broken = e;
    }
  }

  private void untilTaken(String action, GitHubIssue issue) {
    if (taken(action, issue)) {
      return;
    }
    long refused = System.nanoTime();
    await().atMost(PATIENCE).pollInterval(AGAIN).until(() -> taken(action, issue));
    var took = Duration.ofNanos(System.nanoTime() - refused);
    longestRefusal = took.compareTo(longestRefusal) > 0 ? took : longestRefusal;
  }

  private synchronized boolean taken(String action, GitHubIssue issue) {
    var server = inService.get(turn.getAndIncrement() % inService.size());
    int status;
    try {
      status = Desk.deliver(server, action, issue).statusCode();
    } catch (UncheckedIOException e) {
      status = 0; // no answer at all
    }
    if (status != 200) {
      refusals.add(status);
    }
    return status == 200;
  }
}

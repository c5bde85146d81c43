package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.store.Bell;
import ai.proompteng.jangar.store.RowLease;
import ai.proompteng.jangar.telemetry.Followed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes rows that are leased one by one, and gives each to the route as an exchange; while it is
 * worked on its lease is renewed, so that only a dead process's rows come back. One thread claims,
 * woken by the bell and, since a ring may be lost, by the clock; as many rows are out as there are
 * workers, so none waits here with its lease running.
 *
 * @param <R> a claimed row
 */
abstract class RowConsumer<R> extends DefaultConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(RowConsumer.class);

  /** For the one claim that is under way, and then for the rows that are worked on. */
  private static final long CLAIM_ENDS_MILLIS = 3_000;

  private static final long WORK_ENDS_MILLIS = 5_000;

  /** A third of a lease: two renewals may be lost. */
  private static final long RENEW_SECONDS = RowLease.LENGTH.toSeconds() / 3;

  private final JangarEndpoint endpoint;
  private final Bell.Channel channel;
  private final Semaphore rung = new Semaphore(0);
  private final Semaphore free;
  private final Set<R> held = ConcurrentHashMap.newKeySet();
  private Runnable unlisten = () -> {};
  private ExecutorService claiming;
  private ExecutorService working;
  private ScheduledExecutorService renewing;
  private boolean cutOff;

  RowConsumer(JangarEndpoint endpoint, Processor processor, Bell.Channel channel) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.channel = channel;
    this.free = new Semaphore(endpoint.getConcurrency());
  }

  /** Before each look at the rows; throws when they cannot be looked at yet. */
  void prepare() {}

  /** The next row that may be worked on now, and is not one of those that are worked on here. */
  abstract Optional<R> claim(List<R> atWork);

  /** Keeps the leases of the rows that are worked on. */
  abstract void renew(List<R> rows);

  /** What the row's work is followed by; null when nobody said. */
  abstract String traceId(R row);

  /** What the route gets. */
  abstract Object body(R row);

  /** Writes down what became of the row. */
  abstract void settle(R row, Exchange exchange);

  /** Looks at once. */
  final void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var threads = endpoint.getCamelContext().getExecutorServiceManager();
    working = threads.newFixedThreadPool(this, "jangar-" + getRouteId(), endpoint.getConcurrency());
    renewing = threads.newSingleThreadScheduledExecutor(this, "jangar-" + getRouteId() + "-renew");
    renewing.scheduleWithFixedDelay(this::renewAll, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
    claiming = threads.newSingleThreadExecutor(this, "jangar-" + getRouteId() + "-claim");
    var bell = endpoint.getComponent().getBell();
    if (bell != null) {
      unlisten = bell.on(channel, this::ring);
    }
    ring();
    claiming.execute(this::claimForEver);
  }

  @Override
  protected void doStop() throws Exception {
    unlisten.run();
    var threads = endpoint.getCamelContext().getExecutorServiceManager();
    if (claiming != null) {
      // what is claimed is still worked on: first nobody claims any more, then all have finished
      ring();
      threads.shutdownGraceful(claiming, CLAIM_ENDS_MILLIS);
      threads.shutdownGraceful(working, WORK_ENDS_MILLIS);
      threads.shutdownNow(renewing);
    }
    super.doStop();
  }

  private void claimForEver() {
    try {
      while (isRunAllowed()) {
        rung.tryAcquire(endpoint.getPoll().toMillis(), TimeUnit.MILLISECONDS);
        claimAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until there is no row that may be worked on, or nobody to ask. */
  private void claimAll() throws InterruptedException {
    var more = true;
    while (more && isRunAllowed()) {
      free.acquire();
      more = isRunAllowed() && claimOne();
      if (!more) {
        free.release();
      }
    }
  }

  private boolean claimOne() {
    try {
      prepare();
      var row = claim(List.copyOf(held));
      cutOff = false;
      row.ifPresent(held::add);
      row.ifPresent(claimed -> working.execute(() -> work(claimed)));
      return row.isPresent();
    } catch (Unreachable e) {
      if (!cutOff) {
        LOG.atWarn()
            .addKeyValue("route", getRouteId())
            .addKeyValue("reason", e.getMessage())
            .log("No rows can be taken; looking again until they can");
      }
      cutOff = true;
      return false;
    } catch (RuntimeException e) {
      getExceptionHandler().handleException("No row can be taken", e);
      return false;
    }
  }

  private void renewAll() {
    var rows = List.copyOf(held);
    if (rows.isEmpty()) {
      return;
    }
    try {
      renew(rows);
    } catch (RuntimeException e) {
      // the next one may come through; if none does, another process takes them
      LOG.atDebug().setCause(e).addKeyValue("route", getRouteId()).log("Leases are not renewed");
    }
  }

  private void work(R row) {
    try {
      Followed.by(traceId(row));
      var exchange = createExchange(false);
      try {
        exchange.getMessage().setBody(body(row));
        pass(exchange);
        settle(row, exchange);
      } finally {
        releaseExchange(exchange, false);
      }
    } catch (Unreachable e) {
      LOG.atWarn()
          .addKeyValue("route", getRouteId())
          .addKeyValue("reason", e.getMessage())
          .log("What became of a row is not stored; its lease ends, and it is taken again");
    } catch (RuntimeException e) {
      // its lease ends, and it is taken again
      getExceptionHandler().handleException("What became of a row could not be stored", e);
    } finally {
      Followed.end();
      held.remove(row);
      free.release();
      ring();
    }
  }

  private void pass(Exchange exchange) {
    try {
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
  }
}

package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.telemetry.Followed;
import ai.proompteng.jangar.telemetry.Measure;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes keys off its queue and sends each through the route. May be stopped and started again, by a
 * RoutePolicy for example: each start rings everything that is there.
 */
final class ReconcileConsumer extends DefaultConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileConsumer.class);
  private static final double RESYNC_JITTER = 0.2;

  private final ReconcileEndpoint endpoint;
  private volatile WorkQueue<Key> queue;
  private volatile Doorbells doorbells;
  private ExecutorService workers;
  private ScheduledExecutorService alarms;

  ReconcileConsumer(ReconcileEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  /** Rings a key; while the consumer is stopped nothing happens. */
  void ring(Key key) {
    var running = queue;
    if (running != null && endpoint.wants(key.namespace())) {
      running.add(key);
    }
  }

  /** Rings all that are not at rest; while the consumer is stopped nothing happens. */
  void ringOpen() {
    var bells = doorbells;
    if (queue != null && bells != null) {
      bells.ringOpen();
    }
  }

  /** Of its queue; 0 while it is stopped. */
  int count(ToIntFunction<WorkQueue<Key>> what) {
    var running = queue;
    return running == null ? 0 : what.applyAsInt(running);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var plural = endpoint.getPlural();
    endpoint.getComponent().started(plural, endpoint.kind(), this);
    var threads = endpoint.getCamelContext().getExecutorServiceManager();
    alarms = threads.newScheduledThreadPool(this, "reconcile-" + plural + "-alarms", 1);
    workers = threads.newFixedThreadPool(this, "reconcile-" + plural, endpoint.getConcurrency());
    var starting =
        new WorkQueue<Key>(
            System::nanoTime,
            this::alarm,
            endpoint.backoffPlan(),
            () -> ThreadLocalRandom.current().nextDouble());
    queue = starting;
    doorbells = new Doorbells(endpoint.cluster(), endpoint.plan(), this::ring);
    doorbells.open();
    for (int i = 0; i < endpoint.getConcurrency(); i++) {
      workers.execute(() -> work(starting));
    }
    resyncLater(doorbells);
  }

  @Override
  protected void doStop() throws Exception {
    endpoint.getComponent().stopped(endpoint.getPlural(), this);
    if (doorbells != null) {
      doorbells.close();
    }
    var stopping = queue;
    queue = null;
    if (stopping != null && !stopping.drain(endpoint.getDrainTimeout())) {
      LOG.atWarn()
          .addKeyValue("kind", endpoint.getPlural())
          .addKeyValue("inProgress", stopping.inProgress())
          .log("Stopped before all work in progress was done");
    }
    var threads = endpoint.getCamelContext().getExecutorServiceManager();
    threads.shutdownNow(workers);
    threads.shutdownNow(alarms);
    super.doStop();
  }

  private void work(WorkQueue<Key> from) {
    try {
      for (var key = from.take(); key.isPresent(); key = from.take()) {
        try {
          pass(from, key.get());
        } finally {
          from.done(key.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the pool is shut down
    }
  }

  private void pass(WorkQueue<Key> from, Key key) {
    var exchange = createExchange(false);
    long began = System.nanoTime();
    try {
      exchange.getMessage().setBody(key);
      process(exchange);
      measure(key, exchange, System.nanoTime() - began);
      if (exchange.getException() != null || exchange.isRollbackOnly()) {
        tell(key, exchange);
        from.retry(key);
        return;
      }
      from.forget(key);
      var again = exchange.getProperty(ReconcileConstants.REQUEUE_AFTER, Duration.class);
      if (again != null) {
        from.addAfter(key, again);
      }
    } finally {
      Followed.end(); // the pass may have said what it is about
      releaseExchange(exchange, false);
    }
  }

  private void measure(Key key, Exchange exchange, long nanos) {
    var meters = endpoint.getComponent().getMeters();
    meters.observe(
        Measure.RECONCILE_DURATION,
        Duration.ofNanos(nanos),
        endpoint.kind(),
        key.namespace(),
        result(exchange));
    if (Boolean.TRUE.equals(exchange.getProperty(ReconcileConstants.UNDECODABLE))) {
      meters.count(
          Measure.WATCH_EVENT_PARSE_FAILURES, endpoint.getPlural(), key.namespace(), "reconcile");
    }
  }

  private static String result(Exchange exchange) {
    if (exchange.getException() == null && !exchange.isRollbackOnly()) {
      return "success";
    }
    return passes(exchange) ? "retry" : "error";
  }

  /** True for a failure that time heals: somebody is away, or was quicker. */
  private static boolean passes(Exchange exchange) {
    var failure = exchange.getException();
    return failure == null
        || ObjectHelper.getException(Unreachable.class, failure) != null
        || ObjectHelper.getException(Conflict.class, failure) != null;
  }

  /** One line while somebody is away or quicker; anything else is a bug, and shows where. */
  private void tell(Key key, Exchange exchange) {
    var failure = exchange.getException();
    (passes(exchange) ? LOG.atWarn() : LOG.atError().setCause(failure))
        .addKeyValue("kind", endpoint.getPlural())
        .addKeyValue("object", key)
        .addKeyValue("reason", failure == null ? "rolled back" : failure.getMessage())
        .log("A pass failed; the object comes again");
  }

  // whatever is thrown is the exchange's failure: a worker must not die of one key
  private void process(Exchange exchange) {
    try {
      getProcessor().process(exchange);
    } catch (Throwable e) {
      exchange.setException(e);
    }
  }

  private Runnable alarm(Duration after, Runnable what) {
    try {
      var set = alarms.schedule(what, after.toMillis(), TimeUnit.MILLISECONDS);
      return () -> set.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {}; // stopping: the next start rings everything
    }
  }

  private void resyncLater(Doorbells bells) {
    long period = endpoint.getResync().toMillis();
    if (period > 0) {
      double spread = 1 + RESYNC_JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
      alarm(Duration.ofMillis(Math.round(period * spread)), () -> resync(bells));
    }
  }

  private void resync(Doorbells bells) {
    try {
      bells.resync();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("kind", endpoint.getPlural()).log("A resync failed");
    } finally {
      resyncLater(bells);
    }
  }
}

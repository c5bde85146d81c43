package ai.proompteng.jangar;

import ai.proompteng.jangar.agentrun.RunCensus;
import ai.proompteng.jangar.store.Backlog;
import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import ai.proompteng.jangar.telemetry.Sampled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters that are read and not counted. A scrape shows what was read last and never waits; it
 * has it read again, in a thread of its own, at most every {@link #PERIOD}.
 */
final class Gauges implements AutoCloseable {
  static final Duration PERIOD = Duration.ofSeconds(15);

  private static final String CLUSTER = "cluster";
  private static final String NAMESPACE = "namespace";

  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          task -> {
            var thread = new Thread(task, "jangar-meters");
            thread.setDaemon(true);
            return thread;
          });

  Gauges(
      Meters meters,
      List<String> namespaces,
      Supplier<Backlog> rows,
      Supplier<Map<String, RunCensus.Count>> runs) {
    var backlog = new Sampled<>(rows, PERIOD, reader, System::nanoTime);
    rows(meters, what -> () -> backlog.get().map(what::applyAsDouble).orElse(Double.NaN));
    var census = new Sampled<>(runs, PERIOD, reader, System::nanoTime);
    for (var namespace : namespaces) {
      runs(
          meters,
          namespace,
          what ->
              census
                  .get()
                  .map(all -> all.get(namespace))
                  .map(what::applyAsDouble)
                  .orElse(Double.NaN));
    }
    all(meters, Measure.ACTIVE, census, RunCensus.Count::running);
    all(meters, Measure.QUEUE_DEPTH, census, RunCensus.Count::waiting);
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }

  private static void rows(
      Meters meters,
      Function<ToDoubleFunction<Backlog>, java.util.function.DoubleSupplier> reading) {
    meters.gauge(Measure.LEDGER_QUEUED, reading.apply(Backlog::queued));
    meters.gauge(Measure.LEDGER_OLDEST_AGE, reading.apply(Backlog::oldestSeconds));
    meters.gauge(Measure.OUTBOX_OLDEST_AGE, reading.apply(Backlog::oldestEventSeconds));
    meters.gauge(Measure.DEAD_LETTERS, reading.apply(Backlog::failed), "ledger");
    meters.gauge(Measure.DEAD_LETTERS, reading.apply(Backlog::dead), "outbox");
  }

  private static void runs(
      Meters meters,
      String namespace,
      ToDoubleFunction<ToDoubleFunction<RunCensus.Count>> reading) {
    meters.gauge(
        Measure.ACTIVE,
        () -> reading.applyAsDouble(RunCensus.Count::running),
        NAMESPACE,
        namespace);
    meters.gauge(
        Measure.QUEUE_DEPTH,
        () -> reading.applyAsDouble(RunCensus.Count::waiting),
        NAMESPACE,
        namespace);
    meters.gauge(Measure.BLOCKED, () -> reading.applyAsDouble(RunCensus.Count::blocked), namespace);
    meters.gauge(
        Measure.BLOCKED_OLDEST_AGE,
        () -> reading.applyAsDouble(RunCensus.Count::blockedSeconds),
        namespace);
  }

  private static void all(
      Meters meters,
      Measure measure,
      Sampled<Map<String, RunCensus.Count>> census,
      ToDoubleFunction<RunCensus.Count> what) {
    meters.gauge(
        measure,
        () ->
            census
                .get()
                .map(counts -> counts.values().stream().mapToDouble(what).sum())
                .orElse(Double.NaN),
        CLUSTER,
        "");
  }
}

package ai.proompteng.jangar.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/** Counts and measures: each {@link Measure} with the labels that it has, and no others. */
public final class Meters {
  private static final double NANOS_A_MILLI = 1e6;
  private static final long[] MILLIS = {
    5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000
  };
  private static final Duration[] TIMES =
      LongStream.of(MILLIS).mapToObj(Duration::ofMillis).toArray(Duration[]::new);

  private final MeterRegistry registry;

  /** What has no labels is there from the start, so that its first increase is seen as one. */
  public Meters(MeterRegistry registry) {
    this.registry = registry;
    for (var measure : Measure.values()) {
      if (measure.type() == Measure.Type.COUNTER && measure.labels().isEmpty()) {
        counter(measure);
      }
    }
  }

  /** Of what nobody scrapes: a component that stands alone, or a test. */
  public static Meters unseen() {
    return new Meters(new SimpleMeterRegistry());
  }

  /** One more. */
  public void count(Measure measure, String... values) {
    counter(measure, values).increment();
  }

  /** Makes a counter appear at 0. */
  public void expect(Measure measure, String... values) {
    counter(measure, values);
  }

  /** How long something took; the name says whether it is shown in seconds or milliseconds. */
  public void observe(Measure measure, Duration took, String... values) {
    if (measure.metric().endsWith("_ms")) {
      DistributionSummary.builder(measure.metric())
          .description(measure.help())
          .tags(tags(measure, values))
          .serviceLevelObjectives(LongStream.of(MILLIS).asDoubleStream().toArray())
          .register(registry)
          .record(took.toNanos() / NANOS_A_MILLI);
    } else {
      // of a summary the parts of a second would be rounded up to one
      Timer.builder(measure.metric())
          .description(measure.help())
          .tags(tags(measure, values))
          .serviceLevelObjectives(TIMES)
          .register(registry)
          .record(took);
    }
  }

  /**
   * What is read at each scrape.
   *
   * @param value quick, and without I/O; not a number while it is not known
   */
  public void gauge(Measure measure, DoubleSupplier value, String... values) {
    Gauge.builder(measure.metric(), value, DoubleSupplier::getAsDouble)
        .description(measure.help())
        .tags(tags(measure, values))
        .strongReference(true)
        .register(registry);
  }

  private Counter counter(Measure measure, String... values) {
    return Counter.builder(measure.metric())
        .description(measure.help())
        .tags(tags(measure, values))
        .register(registry);
  }

  private static List<Tag> tags(Measure measure, String... values) {
    var names = measure.labels();
    if (names.size() != values.length) {
      throw new IllegalArgumentException(measure + " has the labels " + names);
    }
    var tags = new ArrayList<Tag>();
    for (int i = 0; i < values.length; i++) {
      tags.add(Tag.of(names.get(i), values[i] == null ? "" : values[i]));
    }
    return tags;
  }
}

package ai.proompteng.jangar.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/** Counts and measures: each {@link Measure} with the labels that it has, and no others. */
public final class Meters {
  private static final double[] SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300
  };
  private static final double[] MILLIS = DoubleStream.of(SECONDS).map(s -> s * 1000).toArray();

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

  /** One value, in the unit that the name says. */
  public void observe(Measure measure, double value, String... values) {
    DistributionSummary.builder(measure.metric())
        .description(measure.help())
        .tags(tags(measure, values))
        .serviceLevelObjectives(measure.metric().endsWith("_ms") ? MILLIS : SECONDS)
        .register(registry)
        .record(value);
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

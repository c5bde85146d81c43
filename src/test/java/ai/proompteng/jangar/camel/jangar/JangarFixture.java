package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.store.Backoff;
import ai.proompteng.jangar.store.Bell;
import ai.proompteng.jangar.store.Ledger;
import ai.proompteng.jangar.store.PostgresOutbox;
import ai.proompteng.jangar.store.ProcessedMessages;
import ai.proompteng.jangar.store.WorkItemRuns;
import ai.proompteng.jangar.testing.FakeCluster;
import ai.proompteng.jangar.testing.Leading;
import ai.proompteng.jangar.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** A context with {@code jangar:} over a real database and a cluster in memory. */
final class JangarFixture implements AutoCloseable {
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(50), Duration.ofMillis(200));

  final TestDatabase database = TestDatabase.create();
  final FakeCluster cluster = new FakeCluster();
  final Bell bell = new Bell(database.url(), Duration.ofMillis(100));
  final Ledger ledger =
      new Ledger(
          database.database(), new Ledger.Limits(1000, Duration.ofSeconds(60), QUICK, 5), "one");
  final PostgresOutbox outbox =
      new PostgresOutbox(
          database.database(), new PostgresOutbox.Limits(Duration.ofSeconds(60), QUICK, 3), "one");
  final WorkItemRuns claims = new WorkItemRuns(database.database());
  final DefaultCamelContext context = new DefaultCamelContext();

  JangarFixture() {
    var component = new JangarComponent();
    component.setLedger(ledger);
    component.setOutbox(outbox);
    component.setClaims(claims);
    component.setCluster(cluster);
    component.setBell(bell);
    context.addComponent("jangar", component);
    Leading.in(context);
    context.getRegistry().bind("processedMessages", new ProcessedMessages(database.database()));
    bell.start();
  }

  JangarComponent component() {
    return context.getComponent("jangar", JangarComponent.class);
  }

  JangarFixture file(String path) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.resolveResource(context, "file:" + Path.of("routes", path)));
    return this;
  }

  /** That file as an operator has changed it. */
  JangarFixture file(String path, UnaryOperator<String> change) throws Exception {
    var yaml = change.apply(Files.readString(Path.of("routes", path)));
    PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(path, yaml));
    return this;
  }

  JangarFixture routes(RouteBuilder routes) throws Exception {
    context.addRoutes(routes);
    return this;
  }

  JangarFixture start() throws Exception {
    context.start();
    component().registerAll();
    return this;
  }

  /** How often a run was created, ever. */
  long created() {
    return cluster.requests().stream().filter(r -> r.startsWith("create agentruns")).count();
  }

  /** The events that are not done. */
  List<String> open() {
    return database.read("SELECT event_key FROM event_outbox WHERE state <> 'done'");
  }

  /** An event about the spec of issue 1. */
  static Event spec(String type, int version, List<String> labels, Map<String, String> since) {
    var time = Instant.parse("2026-01-02T03:04:05Z").plusSeconds(version);
    return new Event(
        "spec-uid/" + version + "/" + time,
        type,
        time,
        "agents",
        "ImplementationSpec",
        "o-r-1-impl",
        "spec-uid",
        null,
        null,
        null,
        new Event.Source("sample", "github", "I_1", "o/r#1", "https://github.com/o/r/issues/1"),
        labels,
        since,
        "hash" + version,
        time,
        List.of(),
        null);
  }

  @Override
  public void close() {
    context.stop();
    bell.close();
    database.close();
  }
}

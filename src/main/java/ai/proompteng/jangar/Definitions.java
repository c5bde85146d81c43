package ai.proompteng.jangar;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.SchemaGaps;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.PublishedSchemas;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the start whether the definitions in the cluster have every field that this version
 * knows, and again until they do (integrations-and-helm.md 5.8). A definition that is missing
 * altogether is found by whoever watches its objects.
 */
final class Definitions implements Supplier<List<String>>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);
  private static final long AGAIN_SECONDS = 5;
  private static final int SHOWN = 10;

  private final PublishedSchemas schemas;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "definitions");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Map<String, List<String>> gaps = Map.of();
  private volatile boolean known;

  Definitions(PublishedSchemas schemas) {
    this.schemas = schemas;
  }

  /** Begins to look, and returns. */
  void begin() {
    executor.execute(this::look);
  }

  /** What is out of date, as {@code /ready} names it; not ready, either, before it is known. */
  @Override
  public List<String> get() {
    if (!known) {
      return List.of("controller_crd_check_failed");
    }
    return gaps.keySet().stream().map("outdated_agents_crd:"::concat).toList();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void look() {
    try {
      var published = schemas.read();
      var found = new TreeMap<String, List<String>>();
      for (var kind : Kind.ALL) {
        var schema = published.get(kind.kind());
        if (schema != null && !SchemaGaps.of(kind, schema).isEmpty()) {
          found.put(kind.plural() + "." + kind.group(), SchemaGaps.of(kind, schema));
        }
      }
      tell(found);
      gaps = found;
      known = true;
      if (found.isEmpty() && (published.isEmpty() || published.size() >= Kind.ALL.size())) {
        return;
      }
    } catch (Unreachable e) {
      LOG.atDebug().setCause(e).log("The definitions cannot be read yet");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The definitions cannot be read; looking again");
    }
    executor.schedule(this::look, AGAIN_SECONDS, TimeUnit.SECONDS);
  }

  private void tell(Map<String, List<String>> found) {
    if (found.equals(gaps)) {
      return;
    }
    found.forEach(
        (definition, fields) ->
            LOG.atError()
                .addKeyValue("definition", definition)
                .addKeyValue("fields", fields.stream().limit(SHOWN).toList())
                .addKeyValue("count", fields.size())
                .log("A definition is of an older version: apply crds/ first, then this goes on"));
    if (found.isEmpty()) {
      LOG.atInfo().log("The definitions have every field");
    }
  }
}

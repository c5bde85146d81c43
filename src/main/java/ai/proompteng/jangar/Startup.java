package ai.proompteng.jangar;

import ai.proompteng.jangar.camel.jangar.JangarComponent;
import ai.proompteng.jangar.core.Unreachable;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second half of a start: as soon as the database answers, every subscription is registered,
 * and then, no earlier, the routes that reconcile begin (decision 33).
 */
final class Startup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
  private static final long ASK_AGAIN_MILLIS = 250;
  private static final long REFUSED_AGAIN_MILLIS = 5_000;

  private final CamelContext context;
  private final List<RoutesBuilder> routes;
  private final Runnable lead;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "jangar-startup");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean done;

  /**
   * @param lead called once all is there: the routes that only a leader runs begin then
   */
  Startup(CamelContext context, List<RoutesBuilder> routes, Runnable lead) {
    this.context = context;
    this.routes = routes;
    this.lead = lead;
  }

  /** Begins to ask for the database, and returns. */
  void begin() {
    executor.execute(this::attempt);
  }

  /** True once the reconciling routes run. */
  boolean done() {
    return done;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void attempt() {
    try {
      context.getComponent("jangar", JangarComponent.class).registerAll();
    } catch (Unreachable e) {
      again(ASK_AGAIN_MILLIS);
      return;
    } catch (RuntimeException e) { // a missing right, say: it may be given yet
      LOG.atError().setCause(e).log("The routes' subscriptions cannot be registered");
      again(REFUSED_AGAIN_MILLIS);
      return;
    }
    try {
      addRoutes();
      done = true;
      lead.run();
    } catch (Exception e) {
      LOG.atError().setCause(e).log("The reconciling routes do not start");
    }
  }

  private void again(long millis) {
    executor.schedule(this::attempt, millis, TimeUnit.MILLISECONDS);
  }

  private void addRoutes() throws Exception {
    for (var builder : routes) {
      if (builder instanceof RouteConfigurationsBuilder policies) {
        context.addRoutesConfigurations(policies);
      }
      context.addRoutes(builder);
    }
  }
}

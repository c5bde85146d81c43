package ai.proompteng.jangar.camel;

import ai.proompteng.jangar.camel.reconcile.ReconcileEndpoint;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Leader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code routePolicy: leader}: the route runs while this process leads, and no other time. What is
 * under way when the lead is lost ends; nothing begins any more, not even in the moment before the
 * route is stopped. A route with {@code autoStartup: false} stays stopped.
 */
public final class LeaderPolicy extends RoutePolicySupport implements Leader.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderPolicy.class);

  /** Brings the caches to where the cluster is now. */
  @FunctionalInterface
  public interface Caches {
    /**
     * Returns when they are.
     *
     * @param wanted false ends the wait
     * @return false when it did
     */
    boolean catchUp(BooleanSupplier wanted) throws InterruptedException;
  }

  private final Leader leader;
  private final Caches caches;
  private final Map<String, Route> routes = new ConcurrentHashMap<>();

  /** Listens to that leader from now on; its routes begin once those caches have caught up. */
  public LeaderPolicy(Leader leader, Caches caches) {
    this.leader = leader;
    this.caches = caches;
    leader.listen(this);
  }

  /** True for a route that it starts. */
  public boolean starts(Route route) {
    return routes.containsKey(route.getId());
  }

  @Override
  public void onInit(Route route) {
    super.onInit(route);
    if (Boolean.TRUE.equals(route.isAutoStartup())) {
      route.setAutoStartup(false);
      routes.put(route.getId(), route);
    }
  }

  @Override
  public void onRemove(Route route) {
    routes.remove(route.getId());
  }

  @Override
  public void onExchangeBegin(Route route, Exchange exchange) {
    if (!leader.leads()) {
      exchange.setException(new Unreachable("this process does not lead any more"));
      exchange.setRouteStop(true);
    }
  }

  /** Opens what the routes look at, so that a process that waits for the lead has it ready. */
  public void prepare() {
    for (var route : routes.values()) {
      if (route.getEndpoint() instanceof ReconcileEndpoint loop) {
        loop.watch();
      }
    }
  }

  @Override
  public void leads(boolean now) {
    if (now) {
      begin();
    } else {
      end();
    }
  }

  private void begin() {
    try {
      if (!caches.catchUp(leader::leads)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    for (var route : routes.values()) {
      try {
        startRoute(route);
      } catch (Exception e) {
        LOG.atError().setCause(e).addKeyValue("route", route.getId()).log("A route does not start");
      }
    }
  }

  /** All at once: none goes on beginning work while another ends its own. */
  private void end() {
    if (routes.isEmpty()) {
      return;
    }
    var threads = Executors.newFixedThreadPool(routes.size());
    try {
      threads.invokeAll(routes.values().stream().map(this::stopped).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdown();
    }
    for (var route : List.copyOf(routes.values())) {
      try {
        stopRoute(route);
      } catch (Exception e) {
        LOG.atError().setCause(e).addKeyValue("route", route.getId()).log("A route does not stop");
      }
    }
  }

  // the consumers first: the context stops routes one after the other
  private Callable<Void> stopped(Route route) {
    return () -> {
      stopConsumer(route.getConsumer());
      return null;
    };
  }
}

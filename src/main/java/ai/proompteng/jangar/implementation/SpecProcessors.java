package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.camel.reconcile.ReconcileConstants;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.store.Outbox;
import ai.proompteng.jangar.telemetry.Followed;
import ai.proompteng.jangar.telemetry.LogKeys;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hands of {@link SpecRoutes}; a {@link SpecView} is the body between them. */
public final class SpecProcessors {
  static final String NEWS = "news";

  private static final Logger LOG = LoggerFactory.getLogger(SpecProcessors.class);

  private final SpecReconciler reconciler = new SpecReconciler();
  private final Cluster cluster;
  private final Outbox outbox;
  private final StatusWriter statuses;
  private final Events events;
  private final Clock clock;

  public SpecProcessors(
      Cluster cluster, Outbox outbox, StatusWriter statuses, Events events, Clock clock) {
    this.cluster = cluster;
    this.outbox = outbox;
    this.statuses = statuses;
    this.events = events;
    this.clock = clock;
  }

  /** {@link Key} in, {@link SpecView} out; the route ends here when the object is gone. */
  void load(Exchange exchange) {
    var key = exchange.getMessage().getBody(Key.class);
    var found = cluster.cached(ResourceType.of(Kind.IMPLEMENTATION_SPEC), key);
    if (found.isEmpty()) {
      exchange.setRouteStop(true);
      return;
    }
    var attempt = Decoder.attempt(Kind.IMPLEMENTATION_SPEC, found.get());
    var view = new SpecView(attempt.resource(), attempt.trouble(), clock.instant());
    Followed.by(view.meta().traceId());
    exchange.setProperty(ReconcileConstants.UNDECODABLE, attempt.trouble().isPresent());
    exchange.getMessage().setBody(view);
  }

  /** Stores what the variable {@link #NEWS} holds for the routes that subscribe to it. */
  void publish(Exchange exchange) {
    news(exchange).ifPresent(this::publish);
  }

  private void publish(Event event) {
    outbox.publish(event);
    LOG.atInfo()
        .addKeyValue("event", event.type())
        .addKeyValue(LogKeys.NAMESPACE, event.namespace())
        .addKeyValue("spec", event.name())
        .addKeyValue(LogKeys.SPEC_UID, event.uid())
        .log("What an ImplementationSpec says is news");
  }

  /** Writes the status, which from then on says that the news were told. */
  void report(Exchange exchange) {
    var view = exchange.getMessage().getBody(SpecView.class);
    var told = news(exchange);
    statuses.write(Kind.IMPLEMENTATION_SPEC, view.object(), current -> status(view, told, current));
    warn(view);
  }

  /** An object that moved on with other news keeps its status: it rings again by itself. */
  private ImplementationSpecStatus status(
      SpecView seen,
      Optional<Event> told,
      Resource<ImplementationSpecSpec, ImplementationSpecStatus> current) {
    var trouble = current.equals(seen.object()) ? seen.trouble() : Optional.<String>empty();
    var view = new SpecView(current, trouble, seen.now());
    return reconciler.news(view).equals(told) ? SpecStatuses.of(view) : current.status();
  }

  private void warn(SpecView view) {
    if (!Conditions.holds(view.status().conditions(), SpecStatuses.WARNING)) {
      SpecStatuses.inconsistency(view)
          .ifPresent(
              why ->
                  events.warning(
                      Kind.IMPLEMENTATION_SPEC,
                      view.meta(),
                      Reason.InconsistentSource.name(),
                      why));
    }
  }

  @SuppressWarnings("unchecked")
  private static Optional<Event> news(Exchange exchange) {
    return exchange.getVariable(NEWS, Optional.class);
  }
}

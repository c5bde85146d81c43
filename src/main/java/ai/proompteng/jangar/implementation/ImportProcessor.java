package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.core.WorkItem;
import ai.proompteng.jangar.kube.AlreadyExists;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.Forbidden;
import ai.proompteng.jangar.store.Delivery;
import ai.proompteng.jangar.store.Endings;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * {@link Delivery} in, {@link Delivery.Outcome} out. Compares once and writes once: an object that
 * moved on meanwhile is an exception, and the route asks again, which then looks at the server. The
 * variable {@link #SOURCE} holds the key of the ImplementationSource that should hear of it.
 */
public final class ImportProcessor implements Processor {
  static final String SOURCE = "source";
  private static final int MAX_ERROR = 1024;
  private static final String FREE_WORD = "route:";

  private final SpecStore specs;
  private final Endings endings;
  private final Events events;
  private final Clock clock;

  public ImportProcessor(
      Cluster cluster, SpecIndex index, Endings endings, Events events, Clock clock) {
    this.specs = new SpecStore(cluster, index);
    this.endings = endings;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void process(Exchange exchange) {
    var delivery = exchange.getMessage().getBody(Delivery.class);
    int again = exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class);
    exchange.getMessage().setBody(outcome(delivery, again));
    exchange.setVariable(SOURCE, source(delivery.item()));
  }

  private Delivery.Outcome outcome(Delivery delivery, int again) {
    try {
      return apply(Told.of(delivery.item(), delivery.receivedAt()), again > 0);
    } catch (Conflict | AlreadyExists e) {
      if (again < DrainRoutes.CONFLICT_TRIES) {
        throw e;
      }
      throw new Unreachable(delivery.item().externalId() + " moved on at every try", e);
    } catch (Forbidden e) { // a full quota or a missing permission: both may pass
      throw new Unreachable(delivery.item().externalId() + " may not be written now", e);
    } catch (Rejected e) {
      var error = e.reason() + ": " + e.getMessage();
      return new Delivery.Outcome("failed", SpecText.cut(error, MAX_ERROR));
    }
  }

  private Delivery.Outcome apply(Told told, boolean live) {
    var place = specs.look(told.item(), live);
    var step = decide(told, place);
    if (step instanceof ImportStep.Ignore && place.object().isEmpty() && !live) {
      return apply(told, true); // the cache may lag behind the object that this state ends
    }
    if (step instanceof ImportStep.Create create) {
      created(told.item(), place, create.fields());
      return done("synced");
    }
    if (step instanceof ImportStep.Patch patch) {
      var object = place.object().orElseThrow();
      var patched =
          specs
              .patch(object, patch.fields())
              .orElseThrow(() -> new Conflict(object.key() + " is gone", null));
      tellTruncation(patched, patch.fields());
      return done("synced");
    }
    if (step instanceof ImportStep.Keep) {
      return done("synced");
    }
    return done(step instanceof ImportStep.Drop ? "stale" : "ignored");
  }

  private ImportStep decide(Told told, SpecStore.Place place) {
    Optional<Told> ending =
        place.object().isPresent() || told.state() != ItemState.OPEN
            ? Optional.empty()
            : endings.last(told.item()).map(end -> Told.of(end.item(), end.receivedAt()));
    return Import.decide(told, place.object(), ending, clock.instant());
  }

  private void created(WorkItem item, SpecStore.Place place, Imported fields) {
    var name =
        place
            .freeName()
            .orElseThrow(
                () ->
                    new Rejected(
                        Reason.NameCollision,
                        "every name of " + item.externalId() + " is another object's"));
    var object = specs.create(new Key(item.namespace(), name), fields);
    place
        .taken()
        .ifPresent(
            taken ->
                events.warning(
                    Kind.IMPLEMENTATION_SPEC,
                    object.metadata(),
                    Reason.NameCollision.name(),
                    taken + " is another object's, so " + item.externalId() + " is " + name));
    tellTruncation(object, fields);
  }

  private void tellTruncation(
      Resource<ImplementationSpecSpec, ImplementationSpecStatus> object, Imported fields) {
    if (fields.truncatedFrom() != null) {
      events.warning(
          Kind.IMPLEMENTATION_SPEC,
          object.metadata(),
          Reason.TextTruncated.name(),
          "text cut from " + fields.truncatedFrom() + " bytes to " + SpecText.MAX_TEXT_BYTES);
    }
  }

  private static Delivery.Outcome done(String state) {
    return new Delivery.Outcome(state, null);
  }

  private static Key source(WorkItem item) {
    boolean freeWord =
        SpecNames.isCustom(item)
            || item.sourceUid() == null
            || item.sourceUid().startsWith(FREE_WORD);
    return freeWord ? null : new Key(item.namespace(), item.source());
  }
}

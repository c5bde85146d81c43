package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSourceSpec;
import ai.proompteng.jangar.api.ImplementationSourceStatus.LastWebhook;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.camel.reconcile.ReconcileConstants;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Events;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.SecretReader;
import ai.proompteng.jangar.kube.StatusWriter;
import ai.proompteng.jangar.source.SourceReconciler.Judgement;
import ai.proompteng.jangar.source.SourceSecrets.SecretKey;
import ai.proompteng.jangar.source.SourceView.Seen;
import ai.proompteng.jangar.store.Deliveries;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/** The hands of {@link SourceRoutes}. */
public final class SourceProcessors {
  private static final int MAX_ERROR = 1024;

  // a minute, and what a look may be late
  private static final Duration SINCE_THE_LAST_LOOK = Duration.ofSeconds(75);

  private final Cluster cluster;
  private final SecretReader secrets;
  private final Deliveries deliveries;
  private final StatusWriter statuses;
  private final Events events;
  private final Clock clock;

  public SourceProcessors(
      Cluster cluster,
      SecretReader secrets,
      Deliveries deliveries,
      StatusWriter statuses,
      Events events,
      Clock clock) {
    this.cluster = cluster;
    this.secrets = secrets;
    this.deliveries = deliveries;
    this.statuses = statuses;
    this.events = events;
    this.clock = clock;
  }

  /** Key in, {@link SourceView} out; the route ends here when the source is gone. */
  void load(Exchange exchange) {
    var key = exchange.getMessage().getBody(Key.class);
    var object = cluster.cached(ResourceType.of(Kind.IMPLEMENTATION_SOURCE), key);
    if (object.isEmpty()) {
      exchange.setRouteStop(true);
      return;
    }
    var attempt = Decoder.attempt(Kind.IMPLEMENTATION_SOURCE, object.get());
    exchange.setProperty(ReconcileConstants.UNDECODABLE, attempt.trouble().isPresent());
    var source = attempt.resource();
    exchange
        .getMessage()
        .setBody(
            new SourceView(
                source,
                attempt.trouble(),
                look(key.namespace(), source.spec()),
                deliveries.last(source.metadata().uid()).map(SourceProcessors::lastWebhook)));
  }

  /** Writes what the variable {@code judgement} holds of the {@link SourceView} in the body. */
  void report(Exchange exchange) {
    var view = exchange.getMessage().getBody(SourceView.class);
    var judgement = exchange.getVariable("judgement", Judgement.class);
    var source = view.source();
    statuses.write(
        Kind.IMPLEMENTATION_SOURCE,
        source,
        now ->
            SourceStatuses.status(
                now.status(),
                judgement.said(),
                view.lastWebhook(),
                source.metadata().generation(),
                clock.instant()));
    judgement
        .lookAgain()
        .ifPresent(after -> exchange.setProperty(ReconcileConstants.REQUEUE_AFTER, after));
    if (view.webhookEnabled() && view.signsWithToken()) {
      events.warning(
          Kind.IMPLEMENTATION_SOURCE,
          source.metadata(),
          Reason.SignatureSecretShared.name(),
          "the API token doubles as signing secret: set spec.webhook.secretRef");
    }
  }

  /** Leaves the keys of the sources of which a delivery failed since the last look. */
  void troubled(Exchange exchange) {
    exchange.getMessage().setBody(deliveries.troubled(SINCE_THE_LAST_LOOK));
  }

  private Map<SecretKey, Seen> look(String namespace, ImplementationSourceSpec spec) {
    var seen = new LinkedHashMap<SecretKey, Seen>();
    Stream.concat(SourceSecrets.candidates(spec).stream(), SourceSecrets.token(spec).stream())
        .forEach(key -> seen.computeIfAbsent(key, k -> look(namespace, k)));
    return Map.copyOf(seen);
  }

  private Seen look(String namespace, SecretKey key) {
    var lookup = secrets.read(namespace, key.name(), key.key());
    if (lookup instanceof SecretReader.Lookup.Found) {
      return Seen.FOUND;
    }
    return lookup instanceof SecretReader.Lookup.NoSecret ? Seen.NO_SECRET : Seen.NO_KEY;
  }

  private static LastWebhook lastWebhook(Deliveries.Last last) {
    return new LastWebhook(
        last.idempotencyKey(),
        last.deliveryId(),
        last.provider(),
        last.externalId(),
        Optional.ofNullable(last.version()).map(Objects::toString).orElse(null),
        millis(last.receivedAt()),
        millis(last.processedAt()),
        last.attempts(),
        word(last),
        cut(last.error()));
  }

  /** The row's state in the words of the status: a queued one that was tried is retried. */
  private static String word(Deliveries.Last last) {
    return switch (last.state()) {
      case "queued", "processing" ->
          last.attempts() > 0 && last.error() != null ? "retrying" : "queued";
      default -> last.state();
    };
  }

  private static Instant millis(Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS);
  }

  private static String cut(String error) {
    if (error == null || error.codePointCount(0, error.length()) <= MAX_ERROR) {
      return error;
    }
    return error.substring(0, error.offsetByCodePoints(0, MAX_ERROR));
  }
}

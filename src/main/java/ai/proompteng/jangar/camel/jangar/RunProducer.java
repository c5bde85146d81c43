package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.TraceId;
import ai.proompteng.jangar.store.RunRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a run of the endpoint's agent for the ImplementationSpec that an event is about; the
 * body then is an {@link Asked}. A request that is repeated is one.
 */
final class RunProducer extends DefaultProducer {
  private static final Logger LOG = LoggerFactory.getLogger(RunProducer.class);

  private final JangarEndpoint endpoint;

  RunProducer(JangarEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    ObjectHelper.notNullOrEmpty(endpoint.getAgent(), "agent");
  }

  @Override
  public void process(Exchange exchange) {
    if (!(exchange.getMessage().getBody() instanceof Map<?, ?> event)) {
      throw new Rejected(Reason.InvalidPayload, "jangar:run takes an event of jangar:events");
    }
    var component = endpoint.getComponent();
    var asked = component.getClaims().request(request(event));
    var claim =
        asked.unstarted()
            ? component
                .getClaims()
                .start(asked.id(), new RunCreator(component.getCluster())::create)
                .orElse(asked)
            : asked;
    LOG.atInfo()
        .addKeyValue("state", claim.state())
        .addKeyValue("namespace", claim.request().namespace())
        .addKeyValue("runName", claim.runName())
        .addKeyValue("agentRun.uid", claim.runUid())
        .log("A run was asked for");
    exchange.getMessage().setBody(new Asked(claim.state(), claim.runName(), claim.runUid()));
  }

  private RunRequest request(Map<?, ?> event) {
    if (!Kind.IMPLEMENTATION_SPEC.kind().equals(event.get("kind"))) {
      throw new Rejected(
          Reason.InvalidPayload, "jangar:run takes events about ImplementationSpecs");
    }
    var name = required(event, "name");
    var source = event.get("source") instanceof Map<?, ?> map ? map : Map.of();
    return new RunRequest(
        required(event, "namespace"),
        required(source, "provider"),
        required(source, "id"),
        endpoint.getSlot() == null ? endpoint.getAgent() : endpoint.getSlot(),
        required(event, "id"),
        endpoint.getAgent(),
        name,
        text(source, "externalId"),
        instant(text(event, "version")),
        text(event, "contentHash"),
        TraceId.read(text(event, "traceId")).orElse(null));
  }

  private static String required(Map<?, ?> fields, String field) {
    var value = text(fields, field);
    if (value == null || value.isBlank()) {
      throw new Rejected(Reason.InvalidPayload, "the event has no " + field);
    }
    return value;
  }

  private static String text(Map<?, ?> fields, String field) {
    var value = fields.get(field);
    return value == null ? null : value.toString();
  }

  private static Instant instant(String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new Rejected(Reason.InvalidPayload, "the event's version is no time", e);
    }
  }
}

package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.TraceId;
import ai.proompteng.jangar.core.WorkItem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the body, a WorkItem or a map of its fields, or a list of such, in one transaction; the
 * body then is an {@link Intake.Answer}. One that lacks a field is {@link Rejected}; where somebody
 * has signed it, it is a failed row and {@link Refused} with 400.
 */
final class IntakeProducer extends DefaultProducer {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeProducer.class);
  private static final String TRACEPARENT = "traceparent";

  private final JangarEndpoint endpoint;

  IntakeProducer(JangarEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) {
    var component = endpoint.getComponent();
    var origin = Origin.of(exchange, component.getCluster(), endpoint.getNamespace());
    var followed =
        TraceId.ofTraceparent(exchange.getMessage().getHeader(TRACEPARENT, String.class));
    var traceId = followed.orElseGet(TraceId::fresh);
    var items =
        items(exchange.getMessage().getBody()).stream().map(item -> traced(item, traceId)).toList();
    var trouble = items.stream().flatMap(item -> missing(item).stream()).findFirst();
    if (trouble.isEmpty()) {
      exchange.getMessage().setBody(answer(items.stream().map(origin::sourced).toList()));
    } else if (origin instanceof Origin.Verified) {
      throw remembered(
          items.stream()
              .filter(item -> missing(item).isPresent() && !isBlank(item.source()))
              .map(origin::sourced)
              .toList(),
          trouble.get());
    } else {
      throw new Rejected(Reason.InvalidPayload, trouble.get());
    }
  }

  /** What a sender has signed and nobody can store is kept as failed, for the source to tell. */
  private Refused remembered(List<WorkItem> items, String trouble) {
    endpoint.getComponent().getLedger().refuse(items, Reason.InvalidPayload + ": " + trouble);
    return new Refused(400, "invalid_payload", trouble);
  }

  private Intake.Answer answer(List<WorkItem> items) {
    if (items.isEmpty()) {
      return new Intake.Answer(0, 0, true, null);
    }
    var accepted = endpoint.getComponent().getLedger().append(items);
    var first = items.get(0);
    LOG.atInfo()
        .addKeyValue("event", "delivery_stored")
        .addKeyValue("deliveryId", first.deliveryId())
        .addKeyValue("provider", first.provider())
        .addKeyValue("queued", accepted.queued())
        .addKeyValue("deduped", accepted.deduped())
        .addKeyValue("traceId", first.traceId())
        .log("A delivery is stored");
    return new Intake.Answer(accepted.queued(), accepted.deduped(), false, first.deliveryId());
  }

  private static WorkItem traced(WorkItem item, String otherwise) {
    return item.traced(TraceId.read(item.traceId()).orElse(otherwise));
  }

  private List<WorkItem> items(Object body) {
    if (body == null) {
      return List.of();
    }
    var list = body instanceof Collection<?> many ? many : List.of(body);
    if (list.size() > endpoint.getMaxItems()) {
      throw new Rejected(
          Reason.InvalidPayload,
          list.size() + " items at once; the endpoint takes " + endpoint.getMaxItems());
    }
    return list.stream().map(IntakeProducer::item).toList();
  }

  private static WorkItem item(Object body) {
    if (body instanceof WorkItem item) {
      return item;
    }
    if (body instanceof Map<?, ?> fields) {
      try {
        return Decoder.mapper().convertValue(fields, WorkItem.class);
      } catch (IllegalArgumentException e) {
        throw new Rejected(Reason.InvalidPayload, "a field of the work item has another type", e);
      }
    }
    throw new Rejected(
        Reason.InvalidPayload, "jangar:intake takes a WorkItem, a map of its fields, or a list");
  }

  /** What the item lacks, in words; empty when it has all it needs. */
  private static Optional<String> missing(WorkItem item) {
    var needed = new LinkedHashMap<String, String>();
    needed.put("source", item.source());
    needed.put("externalId", item.externalId());
    needed.put("deliveryId", item.deliveryId());
    return needed.entrySet().stream()
        .filter(field -> isBlank(field.getValue()))
        .map(field -> "a work item needs " + field.getKey())
        .findFirst();
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}

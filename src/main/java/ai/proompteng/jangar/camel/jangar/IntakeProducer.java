package ai.proompteng.jangar.camel.jangar;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.WorkItem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Stores the body, a WorkItem or a map of its fields, or a list of such, in one transaction; the
 * body then is an {@link Intake.Answer}.
 */
final class IntakeProducer extends DefaultProducer {
  private final JangarEndpoint endpoint;

  IntakeProducer(JangarEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public void process(Exchange exchange) {
    var component = endpoint.getComponent();
    var origin = Origin.of(exchange, component.getCluster(), endpoint.getNamespace());
    var items =
        items(exchange.getMessage().getBody()).stream()
            .map(IntakeProducer::complete)
            .map(origin::sourced)
            .toList();
    exchange.getMessage().setBody(answer(items));
  }

  private Intake.Answer answer(List<WorkItem> items) {
    if (items.isEmpty()) {
      return new Intake.Answer(0, 0, true, null);
    }
    var accepted = endpoint.getComponent().getLedger().append(items);
    return new Intake.Answer(
        accepted.queued(), accepted.deduped(), false, items.get(0).deliveryId());
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

  private static WorkItem complete(WorkItem item) {
    require("source", item.source());
    require("externalId", item.externalId());
    require("deliveryId", item.deliveryId());
    return item;
  }

  private static void require(String field, String value) {
    if (value == null || value.isBlank()) {
      throw new Rejected(Reason.InvalidPayload, "a work item needs " + field);
    }
  }
}

package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.camel.jangar.Intake;
import ai.proompteng.jangar.camel.jangar.JangarConstants;
import ai.proompteng.jangar.camel.jangar.Unverified;
import ai.proompteng.jangar.core.WorkItem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** {@code jangar:intake} with a ledger in memory: takes what is verified, once a delivery. */
final class FakeIntake extends DefaultComponent {
  private final List<WorkItem> stored = new CopyOnWriteArrayList<>();
  private final List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private volatile RuntimeException failure;

  List<WorkItem> stored() {
    return stored;
  }

  /** The headers that each exchange came with. */
  List<Map<String, Object>> headers() {
    return headers;
  }

  void failWith(RuntimeException with) {
    failure = with;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) {
    options.clear();
    return new DefaultEndpoint(uri, this) {
      @Override
      public Producer createProducer() {
        return new DefaultProducer(this) {
          @Override
          public void process(Exchange exchange) {
            store(exchange);
          }
        };
      }

      @Override
      public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException();
      }
    };
  }

  private void store(Exchange exchange) {
    if (failure != null) {
      throw failure;
    }
    if (exchange.getProperty(JangarConstants.VERIFIED) == null) {
      throw new Unverified("nobody has verified this");
    }
    headers.add(Map.copyOf(exchange.getMessage().getHeaders()));
    int queued = 0;
    var items = exchange.getMessage().getBody(List.class);
    for (var item : items) {
      var work = (WorkItem) item;
      if (known.add(work.sourceUid() + work.deliveryId())) {
        stored.add(work);
        queued++;
      }
    }
    var first = items.isEmpty() ? null : ((WorkItem) items.get(0)).deliveryId();
    exchange
        .getMessage()
        .setBody(new Intake.Answer(queued, items.size() - queued, items.isEmpty(), first));
  }
}

package ai.proompteng.jangar.camel.jangar;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Give Jangar work, ask it for runs, and hear what happened. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "jangar",
    title = "Jangar",
    syntax = "jangar:verb",
    category = {Category.WORKFLOW})
public final class JangarEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

  /** What an endpoint does. */
  public enum Verb {
    /** Producer: stores WorkItems, and returns when they are committed. */
    intake,
    /** Producer: asks for an AgentRun; at most one is active per work item and slot. */
    run,
    /** Consumer: what happened, at least once, in order per object. */
    events,
    /** Consumer: the drain of the intake ledger. Not for operators' routes. */
    ledger
  }

  @UriPath(description = "What to do")
  @Metadata(required = true)
  private final Verb verb;

  @UriParam(
      label = "producer",
      description =
          "intake: namespace of work whose source is a free word, or a name looked up there")
  private String namespace;

  @UriParam(label = "producer", description = "run: the Agent to run. Required")
  private String agent;

  @UriParam(
      label = "producer",
      description = "run: what may run once at a time for a work item. Default: the agent")
  private String slot;

  @UriParam(
      label = "producer",
      defaultValue = "100",
      description = "intake: how many items one body may hold")
  private int maxItems = 100;

  @UriParam(
      label = "consumer",
      description = "events: whose progress is kept. Default: the id of the route")
  private String subscription;

  @UriParam(
      label = "consumer",
      description = "events: the types wanted, separated by commas. Default: all")
  private String type;

  @UriParam(
      label = "consumer",
      description = "How many exchanges at once. Default: 8 for ledger, 4 for events")
  private int concurrency;

  @UriParam(
      label = "consumer",
      defaultValue = "1s",
      description = "How often to look without being woken")
  private Duration poll = Duration.ofSeconds(1);

  JangarEndpoint(String uri, JangarComponent component, Verb verb) {
    super(uri, component);
    this.verb = verb;
    this.concurrency = verb == Verb.ledger ? 8 : 4;
  }

  @Override
  public JangarComponent getComponent() {
    return (JangarComponent) super.getComponent();
  }

  @Override
  public Producer createProducer() {
    return switch (verb) {
      case intake -> new IntakeProducer(this);
      case run -> new RunProducer(this);
      case events, ledger ->
          throw new UnsupportedOperationException("jangar:" + verb + " is where a route begins");
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    var consumer =
        switch (verb) {
          case events -> new EventsConsumer(this, processor);
          case ledger -> new LedgerConsumer(this, processor);
          case intake, run ->
              throw new UnsupportedOperationException("jangar:" + verb + " is where a route ends");
        };
    configureConsumer(consumer);
    return consumer;
  }

  /** Routes that want the same events each have a subscription of their own. */
  @Override
  public boolean isMultipleConsumersSupported() {
    return verb == Verb.events;
  }

  /** The subscription of the route with that id. */
  String subscription(String routeId) {
    return subscription == null ? routeId : subscription;
  }

  /** The types that are wanted; empty for all. */
  List<String> types() {
    return type == null
        ? List.of()
        : Arrays.stream(type.split(",")).map(String::strip).filter(t -> !t.isEmpty()).toList();
  }

  public Verb getVerb() {
    return verb;
  }

  public String getNamespace() {
    return namespace;
  }

  public void setNamespace(String namespace) {
    this.namespace = namespace;
  }

  public String getAgent() {
    return agent;
  }

  public void setAgent(String agent) {
    this.agent = agent;
  }

  public String getSlot() {
    return slot;
  }

  public void setSlot(String slot) {
    this.slot = slot;
  }

  public int getMaxItems() {
    return maxItems;
  }

  public void setMaxItems(int maxItems) {
    this.maxItems = maxItems;
  }

  public String getSubscription() {
    return subscription;
  }

  public void setSubscription(String subscription) {
    this.subscription = subscription;
  }

  public String getType() {
    return type;
  }

  public void setType(String type) {
    this.type = type;
  }

  public int getConcurrency() {
    return concurrency;
  }

  public void setConcurrency(int concurrency) {
    this.concurrency = concurrency;
  }

  public Duration getPoll() {
    return poll;
  }

  public void setPoll(Duration poll) {
    this.poll = poll;
  }
}

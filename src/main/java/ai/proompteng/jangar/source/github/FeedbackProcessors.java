package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.SecretReader;
import ai.proompteng.jangar.source.github.FeedbackSources.Target;
import ai.proompteng.jangar.store.OwnLabels;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The hands of {@link FeedbackRoutes}. */
public final class FeedbackProcessors {
  static final String COMMENT = "comment";
  static final String LABEL = "label";

  /** What an answer may weigh (integrations-and-helm.md 1.14.1). */
  private static final int MAX_BYTES = 20 << 20;

  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_LABEL = 50;
  private static final String WORK = "JangarGitHubWork";
  private static final String CALL = "JangarGitHubCall";
  private static final String TARGET = "JangarGitHubTarget";
  private static final String REDIRECTS = "JangarGitHubRedirects";
  private static final String TRIES = Exchange.REDELIVERY_COUNTER;
  private static final String KEPT_TRIES = "JangarGitHubTries";
  private static final String EVENT = "JangarGitHubEvent";
  private static final String AUTHORIZATION = "Authorization";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final FeedbackSources sources;
  private final OwnLabels own;
  private final ApiTurns turns;
  private final URI base;

  /**
   * @param base of GitHub's REST API
   * @param spacing between two requests
   */
  public FeedbackProcessors(
      Cluster cluster,
      SecretReader secrets,
      OwnLabels own,
      URI base,
      Duration spacing,
      Clock clock) {
    this.own = own;
    this.sources = new FeedbackSources(cluster, secrets);
    this.turns = new ApiTurns(clock, spacing);
    this.base = base;
  }

  /**
   * For templates: what an event says, harmless in Markdown, as variables {@code why}, {@code
   * reason} and {@code links}.
   */
  public static Processor eventInMarkdown() {
    return exchange -> {
      var event = event(exchange);
      exchange.setVariable("why", Markdown.plain(event.get("why")));
      exchange.setVariable("reason", Markdown.plain(event.get("reason")));
      exchange.setVariable("links", Markdown.links(event.get("artifacts")));
    };
  }

  URI base() {
    return base;
  }

  /** Event in, the variable {@code comment} beside it. */
  void comment(Exchange exchange) {
    var text = said(exchange, COMMENT, StickyComment.MAX_TEXT * 10);
    var target = target(exchange);
    begin(
        exchange,
        target,
        StickyComment.of(target.issue(), String.valueOf(event(exchange).get("uid")), text));
  }

  /** Event in, the variable {@code label} beside it. */
  void label(Exchange exchange) {
    var label = said(exchange, LABEL, MAX_LABEL);
    var target = target(exchange);
    if (target.sourceId() != null) {
      own.note(String.valueOf(event(exchange).get("namespace")), target.sourceId(), label.strip());
    }
    begin(exchange, target, IssueLabel.of(target.issue(), label.strip()));
  }

  /** True while a request is to be made. */
  boolean more(Exchange exchange) {
    return call(exchange) != null;
  }

  /** Milliseconds until the next request may go. */
  long turn(Exchange exchange) {
    return turns.take(credential(exchange)).toMillis();
  }

  void ask(Exchange exchange) throws JsonProcessingException {
    var call = call(exchange);
    var message = exchange.getMessage();
    clear(exchange);
    message.setHeader(Exchange.HTTP_METHOD, call.method());
    message.setHeader(Exchange.HTTP_URI, address(call).toString());
    message.setHeader("Accept", "application/vnd.github+json");
    message.setHeader("X-GitHub-Api-Version", "2022-11-28");
    message.setHeader("User-Agent", "jangar");
    message.setHeader(
        AUTHORIZATION, "Bearer " + exchange.getProperty(TARGET, Target.class).token());
    if (call.body() == null) {
      message.setBody(null);
    } else {
      message.setHeader(Exchange.CONTENT_TYPE, "application/json");
      message.setBody(MAPPER.writeValueAsBytes(call.body()));
    }
  }

  void answered(Exchange exchange) {
    var answer = answer(exchange);
    clear(exchange);
    exchange.getMessage().setBody(null);
    turns.answered(credential(exchange), answer);
    var work = exchange.getProperty(WORK, ApiWork.class);
    if (answer.ok()) {
      go(exchange, work.after(answer));
    } else if (answer.status() == 404 || answer.status() == 410) {
      go(exchange, work.missing().orElseThrow(() -> refused(exchange, answer)));
    } else if (answer.status() >= 300 && answer.status() < 400) {
      exchange.setProperty(CALL, redirected(exchange, answer));
    } else if (answer.status() >= 500 || answer.status() == 408) {
      throw new Unreachable("GitHub answered " + answer.status());
    } else {
      throw refused(exchange, answer);
    }
  }

  /** Nobody answered: that is nobody's fault. */
  void unanswered(Exchange exchange) {
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    clear(exchange);
    throw new Unreachable("GitHub does not answer: " + failure.getMessage(), failure);
  }

  /** The event again, as it came. */
  void done(Exchange exchange) {
    clear(exchange);
    exchange.getMessage().setBody(exchange.removeProperty(EVENT));
    exchange.removeProperty(TARGET);
    exchange.removeProperty(WORK);
  }

  /** Headers go in neither direction; but Camel counts its caller's tries in one. */
  private static void clear(Exchange exchange) {
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(TRIES, exchange.getProperty(KEPT_TRIES));
  }

  private static void begin(Exchange exchange, Target target, ApiWork work) {
    exchange.setProperty(EVENT, exchange.getMessage().getBody());
    exchange.setProperty(KEPT_TRIES, exchange.getMessage().getHeader(TRIES));
    exchange.setProperty(TARGET, target);
    exchange.setProperty(REDIRECTS, 0);
    go(exchange, work);
  }

  private static void go(Exchange exchange, ApiWork work) {
    exchange.setProperty(WORK, work);
    exchange.setProperty(CALL, work.next().orElse(null));
  }

  private ApiCall redirected(Exchange exchange, ApiAnswer answer) {
    int before = exchange.getProperty(REDIRECTS, 0, Integer.class);
    var there = answer.header("Location");
    if (before >= MAX_REDIRECTS || there.isEmpty()) {
      throw refused(exchange, answer);
    }
    exchange.setProperty(REDIRECTS, before + 1);
    return call(exchange).at(there.get());
  }

  private URI address(ApiCall call) {
    try {
      return call.address(base);
    } catch (IllegalArgumentException e) {
      throw new Rejected(Reason.InvalidPayload, "GitHub leads elsewhere: " + e.getMessage(), e);
    }
  }

  private Target target(Exchange exchange) {
    return sources.of(event(exchange));
  }

  private static String said(Exchange exchange, String variable, int max) {
    var text = exchange.getVariable(variable, String.class);
    if (text == null || text.isBlank() || text.length() > max) {
      throw new Rejected(
          Reason.InvalidPayload, "the variable " + variable + " holds no text, or too much");
    }
    return text;
  }

  private static Map<?, ?> event(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof Map<?, ?> event) {
      return event;
    }
    throw new Rejected(Reason.InvalidPayload, "the body is no event of jangar:events");
  }

  private static ApiCall call(Exchange exchange) {
    return exchange.getProperty(CALL, ApiCall.class);
  }

  private static String credential(Exchange exchange) {
    return exchange.getProperty(TARGET, Target.class).credential();
  }

  private static Rejected refused(Exchange exchange, ApiAnswer answer) {
    var call = call(exchange);
    return new Rejected(
        Reason.InvalidPayload,
        "GitHub answered %d to %s %s with the token of %s: %s"
            .formatted(
                answer.status(),
                call.method(),
                call.path(),
                credential(exchange),
                answer.message()));
  }

  private static ApiAnswer answer(Exchange exchange) {
    var message = exchange.getMessage();
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    message
        .getHeaders()
        .forEach((name, value) -> headers.put(name, value == null ? "" : value.toString()));
    int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    return new ApiAnswer(status, headers, bytes(message.getBody()));
  }

  private static byte[] bytes(Object body) {
    if (!(body instanceof InputStream stream)) {
      return new byte[0];
    }
    try (stream) {
      var bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new Rejected(Reason.InvalidPayload, "GitHub's answer has no end");
      }
      return bytes;
    } catch (IOException e) {
      throw new Unreachable("GitHub's answer breaks off", e);
    }
  }
}

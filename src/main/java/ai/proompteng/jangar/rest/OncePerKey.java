package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.store.Repetitions;
import ai.proompteng.jangar.store.Repetitions.Answered;
import ai.proompteng.jangar.store.Repetitions.Request;
import ai.proompteng.jangar.store.Repetitions.Standing;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does every POST below {@code /v1} once for its Idempotency-Key (bars.md 4), whichever route is
 * asked: it stands before them all. What {@link Gate} leaves alone is left alone here, too.
 */
public final class OncePerKey {
  /** Property: the request's key. */
  static final String KEY = "JangarIdempotencyKey";

  private static final Logger LOG = LoggerFactory.getLogger(OncePerKey.class);
  private static final int MAX_KEPT_BYTES = 64 << 10;
  private static final int OK = 200;
  private static final int REFUSED = 400;
  private static final int FAILED = 500;
  private static final String RUNS = "/v1/agent-runs";

  /** The only routes that try things out: what else is asked so is done, and kept. */
  private static final Set<String> DRY = Set.of(RUNS);

  private static final String HELP = "<docs/api.md#idempotency>; rel=\"describedby\"";

  private final Gate gate;
  private final Places places;
  private final Repetitions repetitions;
  private final RunReader runs;

  /**
   * @param runs what a run is now, when the answer that made it is no longer kept
   */
  public OncePerKey(Gate gate, Places places, Repetitions repetitions, RunReader runs) {
    this.gate = gate;
    this.places = places;
    this.repetitions = repetitions;
    this.runs = runs;
  }

  /**
   * The route, once for a key.
   *
   * @param template of the paths that it serves
   */
  Processor around(String template, Processor route) {
    return new Filter(template, route);
  }

  /** A request that is this process's to do. */
  private record Turn(Request request, UUID owner, Set<String> namespaces) {}

  private final class Filter extends DelegateAsyncProcessor {
    private final String template;

    Filter(String template, Processor route) {
      super(route);
      this.template = template;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      var http = exchange.getMessage() instanceof HttpMessage message ? message.getRequest() : null;
      if (http == null || !wantsKey(http)) {
        return super.process(exchange, callback);
      }
      Optional<Turn> turn;
      try {
        HttpProcessors.remember(exchange, http);
        turn = turn(exchange, http);
        if (turn.isEmpty() && exchange.getProperty(KEY) == null) {
          callback.done(true); // it has its answer
          return true;
        }
      } catch (RuntimeException e) {
        refuse(exchange, e);
        callback.done(true);
        return true;
      }
      return super.process(
          exchange,
          doneSync -> {
            turn.ifPresent(mine -> settle(exchange, mine));
            callback.done(doneSync);
          });
    }

    private boolean wantsKey(HttpServerRequest http) {
      return http.method().name().equals("POST") && Gate.guards(http.path(), webhook(http.path()));
    }

    /** The turn; empty for what is answered already, and, with the key set, for a trial. */
    private Optional<Turn> turn(Exchange exchange, HttpServerRequest http) {
      gate.attach(exchange, http.getHeader("Authorization"));
      var namespaces = new TreeSet<String>();
      var caller = Caller.of(exchange).noting(namespaces::add);
      caller.attach(exchange);
      var body = StrictJson.tree(exchange.getMessage().getBody(byte[].class));
      var query = RunQuery.of(http.query());
      var namespace = places.scope(namespace(body, query), caller);
      var key = IdempotencyKey.of(http.headers().getAll("Idempotency-Key"));
      if (!DRY.contains(template) || !query.dryRun()) {
        var print =
            Fingerprint.of(
                http.path(), namespace, query.parameters(), http.getHeader("If-Match"), body);
        var request = new Request(namespace, template, key, print, caller.principal());
        var turn = new Turn(request, UUID.randomUUID(), namespaces);
        var standing = repetitions.take(request, turn.owner());
        if (!(standing instanceof Standing.Mine)) {
          tell(exchange, standing);
          return Optional.empty();
        }
        exchange.setProperty(KEY, key);
        return Optional.of(turn);
      }
      exchange.setProperty(KEY, key);
      return Optional.empty();
    }
  }

  private static boolean webhook(String path) {
    return path.contains(Ingress.WEBHOOKS);
  }

  private static String namespace(JsonNode body, RunQuery query) {
    return body.path("namespace").isTextual()
        ? body.path("namespace").textValue()
        : query.namespace();
  }

  /** Nothing is told as done before it is kept. */
  private void settle(Exchange exchange, Turn turn) {
    try {
      int status = status(exchange);
      if (exchange.getException() != null || status >= FAILED) {
        repetitions.leave(turn.request(), turn.owner());
      } else if (status >= REFUSED) {
        repetitions.release(turn.request(), turn.owner());
      } else {
        keep(exchange, turn, answered(exchange, status, turn.namespaces()));
      }
    } catch (RuntimeException e) {
      if (status(exchange) < REFUSED) {
        refuse(exchange, e);
      } else {
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("A request that was not done is not given up; its key is free after a while");
      }
    }
  }

  private void keep(Exchange exchange, Turn turn, Answered answer) {
    if (repetitions.finish(turn.request(), turn.owner(), answer)) {
      return;
    }
    // it took too long, and somebody else took it over
    var standing = repetitions.take(turn.request(), turn.owner());
    if (standing instanceof Standing.Mine) {
      repetitions.finish(turn.request(), turn.owner(), answer);
    } else {
      tell(exchange, standing);
    }
  }

  private void tell(Exchange exchange, Standing standing) {
    if (standing instanceof Standing.Done done) {
      replay(exchange, done.answer());
    } else if (standing instanceof Standing.Reused) {
      throw ErrorCode.IDEMPOTENCY_KEY_REUSED.refuse(
          "this Idempotency-Key is another request's, take a new one");
    } else if (standing instanceof Standing.Elsewhere) {
      throw ErrorCode.IDEMPOTENCY_KEY_CONFLICT.refuse("this Idempotency-Key is taken");
    } else {
      throw new Refused(
          ErrorCode.IDEMPOTENCY_IN_PROGRESS.status(),
          ErrorCode.IDEMPOTENCY_IN_PROGRESS.code(),
          "creation already in progress",
          1);
    }
  }

  /** Who may no longer go where the request went hears nothing of it. */
  private void replay(Exchange exchange, Answered answer) {
    var caller = Caller.of(exchange);
    answer.namespaces().forEach(namespace -> caller.enter(namespace, Places::missing));
    var body =
        answer
            .body()
            .map(StrictJson::map)
            .orElseGet(() -> new LinkedHashMap<>(current(answer.location(), caller)));
    body.put("idempotent", true);
    HttpProcessors.answer(exchange, OK, Envelope.JSON, Envelope.json(body));
    exchange.getMessage().setHeader("Idempotency-Replayed", "true");
    if (answer.location() != null) {
      exchange.getMessage().setHeader("Location", answer.location());
    }
  }

  /** What was made, as it is now; no more than that it was done, when it cannot be shown. */
  private Map<String, Object> current(String location, Caller caller) {
    if (location == null || !location.startsWith(RUNS + "/")) {
      return Map.of("ok", true);
    }
    var gone = new LinkedHashMap<String, Object>();
    gone.put("ok", true);
    gone.put("resource", null);
    try {
      var id = location.substring(RUNS.length() + 1);
      return runs.agentRun(id, RunQuery.of(null), caller);
    } catch (Refused notThere) {
      return gone;
    }
  }

  private static Answered answered(Exchange exchange, int status, Set<String> namespaces) {
    var message = exchange.getMessage();
    var body = message.getBody(byte[].class);
    message.setBody(body); // it may have been a stream
    var type = String.valueOf(message.getHeader(Exchange.CONTENT_TYPE));
    var kept = type.startsWith(Envelope.JSON) && body != null && body.length <= MAX_KEPT_BYTES;
    return new Answered(
        status,
        kept ? StrictJson.object(body) : Optional.empty(),
        message.getHeader("Location", String.class),
        List.copyOf(namespaces));
  }

  private static int status(Exchange exchange) {
    return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, OK, Integer.class);
  }

  private static void refuse(Exchange exchange, RuntimeException why) {
    exchange.setException(null);
    HttpProcessors.refuse(exchange, why);
    if (why instanceof Refused refused && refused.code().startsWith("idempotency_")) {
      exchange.getMessage().setHeader("Link", HELP);
    }
  }
}

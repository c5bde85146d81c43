package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.camel.jangar.Intake;
import ai.proompteng.jangar.camel.jangar.Unverified;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.store.QueueFull;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps of routes that begin at HTTP. */
public final class HttpProcessors {
  /** Property: the path that was asked for. */
  public static final String PATH = "JangarPath";

  static final String QUERY = "JangarQuery";
  static final String REQUEST_ID = "JangarRequestId";
  private static final String ACCEPT = "JangarAccept";
  private static final String WEBHOOKS = "/webhooks/";
  private static final int WEBHOOK_RETRY_SECONDS = 10;
  private static final int RETRY_SECONDS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(HttpProcessors.class);

  private HttpProcessors() {}

  /**
   * Drops every header but the allowed ones, read afresh from the request: Camel makes headers of
   * query and path parameters too. Path and query go on as properties, which no request can set.
   */
  public static Processor allowedHeadersOnly(AllowedHeaders headers) {
    return exchange -> {
      var message = exchange.getMessage();
      var kept = kept(message, headers);
      if (message instanceof HttpMessage http) {
        exchange.setProperty(PATH, http.getRequest().path());
        exchange.setProperty(QUERY, http.getRequest().query());
      }
      exchange.setProperty(REQUEST_ID, kept.get(AllowedHeaders.REQUEST_ID));
      exchange.setProperty(ACCEPT, kept.get("Accept"));
      message.removeHeaders("*");
      kept.forEach(message::setHeader);
    };
  }

  /** The intake's answer as GitHub's or Linear's: always 200, once the rows are committed. */
  public static Processor webhookAnswer() {
    return exchange -> {
      var stored = exchange.getMessage().getMandatoryBody(Intake.Answer.class);
      var answer = new LinkedHashMap<String, Object>();
      answer.put("ok", true);
      if (stored.ignored()) {
        answer.put("ignored", true);
      } else {
        answer.put("queued", stored.queued());
        answer.put("deduped", stored.deduped());
        answer.put("deliveryId", stored.deliveryId());
      }
      answer(exchange, 200, Envelope.JSON, Envelope.json(answer));
    };
  }

  /** The exception of the exchange as an error answer; one that nobody foresaw is logged. */
  public static Processor refuseClearly() {
    return exchange ->
        refuse(exchange, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
  }

  /** What an answer needs of the request, kept where no request can set it. */
  static void remember(Exchange exchange, HttpServerRequest request) {
    exchange.setProperty(PATH, request.path());
    exchange.setProperty(QUERY, request.query());
    exchange.setProperty(REQUEST_ID, request.getHeader(AllowedHeaders.REQUEST_ID));
    exchange.setProperty(ACCEPT, request.getHeader("Accept"));
  }

  /** The failure as an error answer. */
  static void refuse(Exchange exchange, Throwable failure) {
    var id = exchange.getProperty(REQUEST_ID, UUID.randomUUID().toString(), String.class);
    var path = exchange.getProperty(PATH, "", String.class);
    var refused = refusal(failure, path, id);
    var envelope =
        Envelope.error(
            refused.status(),
            refused.code(),
            refused.getMessage(),
            refused.details(),
            id,
            exchange.getProperty(ACCEPT, String.class));
    answer(exchange, refused.status(), envelope.contentType(), envelope.body());
    if (refused.retryAfterSeconds() > 0) {
      exchange.getMessage().setHeader("Retry-After", String.valueOf(refused.retryAfterSeconds()));
    }
  }

  /** An answer that carries no header of the request back. */
  static void answer(Exchange exchange, int status, String contentType, Object body) {
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, contentType);
    message.setBody(body);
  }

  private static Map<String, String> kept(Message message, AllowedHeaders headers) {
    var request = message instanceof HttpMessage http ? http.getRequest() : null;
    var kept = new LinkedHashMap<String, String>();
    for (var name : headers.names()) {
      var value = request == null ? message.getHeader(name, String.class) : request.getHeader(name);
      if (value != null) {
        kept.put(name, value);
      }
    }
    kept.computeIfPresent(
        Exchange.CONTENT_TYPE,
        (name, type) -> AllowedHeaders.RAW_FORM.equals(type) ? AllowedHeaders.FORM : type);
    return kept;
  }

  /** By type, through whatever wraps it; never by message. */
  private static Refused refusal(Throwable failure, String path, String id) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refused refused) {
        return refused;
      }
      if (cause instanceof QueueFull) {
        return new Refused(503, "queue_full", "too much waits, try again", WEBHOOK_RETRY_SECONDS);
      }
      if (cause instanceof Unreachable) {
        return unavailable(cause, path, id);
      }
      if (cause instanceof Rejected rejected) {
        return ErrorCode.REJECTED.refuse(
            "the request cannot be served", Map.of("reason", rejected.reason().name()));
      }
      if (cause instanceof Unverified) {
        LOG.atError()
            .setCause(cause)
            .addKeyValue("path", path)
            .log("A route lacks its verifying step; nothing was stored");
        return Refusals.of(500);
      }
    }
    LOG.atError()
        .setCause(failure)
        .addKeyValue("requestId", id)
        .addKeyValue("path", path)
        .log("A request failed unexpectedly");
    return Refusals.of(500);
  }

  private static Refused unavailable(Throwable cause, String path, String id) {
    LOG.atWarn()
        .addKeyValue("requestId", id)
        .addKeyValue("path", path)
        .addKeyValue("reason", cause.getMessage())
        .log("A request is put off");
    int seconds = path.contains(WEBHOOKS) ? WEBHOOK_RETRY_SECONDS : RETRY_SECONDS;
    return new Refused(503, "unavailable", "not now, try again", seconds);
  }
}

package ai.proompteng.jangar.local;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Answers the embedded API server's requests: discovery, logs, watches, tables, and objects. */
final class ApiRequests implements AutoCloseable {
  private static final ObjectMapper JSON = Decoder.mapper();
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  private final LocalObjects objects;
  private final PodLogs logs;
  private final Tables tables;

  ApiRequests(LocalObjects objects, PodLogs logs, Clock clock) {
    this.objects = objects;
    this.logs = logs;
    this.tables = new Tables(clock);
  }

  /** Where the kubelet keeps what a pod said. */
  interface PodLogs {
    /**
     * The end of the log.
     *
     * @return null when there is none
     */
    byte[] tail(String namespace, String pod, LogQuery query) throws IOException;
  }

  /** Which part of a log: the last lines, of which the first bytes; null for all. */
  record LogQuery(Integer tailLines, Integer limitBytes) {}

  /** Answers one request, on the event loop. */
  void answer(Vertx vertx, HttpServerRequest http, RecordedRequest request) {
    try {
      respond(vertx, http, request);
    } catch (IOException | RuntimeException broken) {
      end(http, ApiFailure.response(500, "InternalError", String.valueOf(broken.getMessage())));
    }
  }

  private void respond(Vertx vertx, HttpServerRequest http, RecordedRequest request)
      throws IOException {
    var path = ApiPath.of(http.path());
    if (request.method() == HttpMethod.GET) {
      if (List.of("/healthz", "/livez", "/readyz").contains(http.path())) {
        http.response().end("ok");
        return;
      }
      var document = discovery().at(http.path());
      if (document.isPresent()) {
        end(http, new MockResponse().setResponseCode(200).setBody(document.get().toString()));
        return;
      }
      if (path != null && "log".equals(path.subresource())) {
        log(http, path);
        return;
      }
    }
    if (path == null) {
      end(http, ApiFailure.response(404, "NotFound", "the server has no " + http.path()));
      return;
    }
    var response = objects.dispatch(supported(http, request));
    if (response.getWebSocketListener() == null) {
      end(http, presented(http, path, response));
    } else if (http.headers().contains("Upgrade")) {
      WatchStream.upgrade(vertx, http, request, response);
    } else {
      WatchStream.lines(vertx, http, request, response, event -> news(http, path, event));
    }
  }

  private Discovery discovery() throws IOException {
    return new Discovery(objects.at(DEFINITIONS).path("items"));
  }

  private void log(HttpServerRequest http, ApiPath path) throws IOException {
    var query =
        new LogQuery(number(http.getParam("tailLines")), number(http.getParam("limitBytes")));
    var log = logs.tail(path.namespace(), path.name(), query);
    if (log == null) {
      end(http, ApiFailure.response(404, "NotFound", "pod " + path.name() + " has no log"));
    } else {
      http.response()
          .putHeader("Content-Type", "text/plain")
          .end(io.vertx.core.buffer.Buffer.buffer(log));
    }
  }

  /** The dispatcher knows field selectors on names alone: the others are applied to its answer. */
  private static RecordedRequest supported(HttpServerRequest http, RecordedRequest request) {
    var selector = http.getParam("fieldSelector");
    if (selector == null || selector.matches("metadata\\.name(space)?=[^,]*")) {
      return request;
    }
    var uri = request.getPath().replaceFirst("fieldSelector=[^&]*&?", "");
    return new RecordedRequest(
        request.getHttpVersion(), request.method(), uri, request.getHeaders(), request.getBody());
  }

  private MockResponse presented(HttpServerRequest http, ApiPath path, MockResponse response)
      throws IOException {
    boolean creating = "POST".equals(http.method().name());
    if (response.code() >= 400) {
      return failure(path, response, creating);
    }
    if (response.getBody() == null || response.getBody().size() == 0) {
      return response;
    }
    var body = JSON.readTree(response.getBody().getBytes());
    if (body.path("kind").asText().equals("List")) {
      body = list(http, path, (ObjectNode) body);
    }
    if (wantsTable(http) && http.method() == io.vertx.core.http.HttpMethod.GET) {
      body = table(path, body);
    }
    return response.setBody(body.toString());
  }

  private static MockResponse failure(ApiPath path, MockResponse response, boolean creating)
      throws IOException {
    var reason = ApiFailure.reason(response.code(), creating);
    if (response.getBody() == null || response.getBody().size() == 0) {
      var what = path.plural() + " \"" + path.name() + "\" not found";
      return response.setBody(ApiFailure.body(response.code(), reason, what));
    }
    var status = (ObjectNode) JSON.readTree(response.getBody().getBytes());
    return response.setBody(status.put("reason", reason).toString());
  }

  private JsonNode list(HttpServerRequest http, ApiPath path, ObjectNode list) throws IOException {
    var type = discovery().type(path.group(), path.version(), path.plural());
    type.ifPresent(it -> list.put("kind", it.kind() + "List").put("apiVersion", it.groupVersion()));
    var items = new ArrayList<JsonNode>();
    list.path("items").forEach(items::add);
    items.removeIf(item -> !selected(item, http.getParam("fieldSelector")));
    items.sort(
        Comparator.comparing((JsonNode item) -> item.at("/metadata/namespace").asText())
            .thenComparing(item -> item.at("/metadata/name").asText()));
    list.set("items", JSON.createArrayNode().addAll(items));
    return list;
  }

  private static boolean selected(JsonNode item, String selector) {
    if (selector == null || selector.isEmpty()) {
      return true;
    }
    for (String requirement : selector.split(",")) {
      boolean not = requirement.contains("!=");
      var sides = requirement.split("!?==?", 2);
      var actual = Tables.at(item, "." + sides[0]).asText();
      if (actual.equals(sides.length > 1 ? sides[1] : "") == not) {
        return false;
      }
    }
    return true;
  }

  private static boolean wantsTable(HttpServerRequest http) {
    var accept = http.getHeader("Accept");
    return accept != null && accept.contains("as=Table") && accept.contains("v=v1;");
  }

  private JsonNode table(ApiPath path, JsonNode body) throws IOException {
    var columns = Tables.columns(path.plural());
    for (var definition : objects.at(DEFINITIONS).path("items")) {
      var name = path.plural() + "." + path.group();
      if (definition.at("/metadata/name").asText().equals(name)) {
        columns = Tables.columns(definition, path.version());
      }
    }
    if (columns.isEmpty()) {
      return body; // kubectl prints a plain one by itself
    }
    boolean list = body.path("items").isArray();
    return tables.table(
        columns,
        list ? body.path("items") : JSON.createArrayNode().add(body),
        list ? body.path("metadata") : JSON.createObjectNode());
  }

  /** An event as this watcher wants it; null when its list had it already. */
  private String news(HttpServerRequest http, ApiPath path, String event) {
    try {
      var json = (ObjectNode) JSON.readTree(event);
      var object = json.path("object");
      if (!selected(object, http.getParam("fieldSelector"))
          || json.path("type").asText().equals("ADDED")
              && version(object.at("/metadata/resourceVersion").asText())
                  <= version(http.getParam("resourceVersion"))) {
        return null;
      }
      if (wantsTable(http)) {
        json.set("object", table(path, object));
      }
      return json.toString();
    } catch (IOException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static long version(String text) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  private static Integer number(String text) {
    return text != null && text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
  }

  private static void end(HttpServerRequest http, MockResponse response) {
    http.response().setStatusCode(response.code()).putHeader("Content-Type", "application/json");
    if (response.getBody() == null) {
      http.response().end();
    } else {
      http.response().end(io.vertx.core.buffer.Buffer.buffer(response.getBody().getBytes()));
    }
  }

  @Override
  public void close() {
    objects.shutdown();
  }
}

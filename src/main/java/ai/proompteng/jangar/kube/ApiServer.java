package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Single requests to the API server, each within a time limit, and what their status codes mean.
 * Nothing is decided by a message's text.
 */
final class ApiServer {
  private static final int LONGEST_MESSAGE = 500;

  private final HttpClient http;
  private final String url;
  private final Duration timeout;

  ApiServer(KubernetesClient client, Duration timeout) {
    this.http = client.getHttpClient();
    this.url = client.getMasterUrl().toString().replaceAll("/+$", "");
    this.timeout = timeout;
  }

  /** What came back: the status code and the body. */
  record Answer(int code, String body) {
    boolean ok() {
      return code / 100 == 2;
    }

    boolean absent() {
      return code == 404;
    }

    boolean conflict() {
      return code == 409;
    }

    /** The machine-readable reason of a Status; empty where there is none. */
    String reason() {
      return status().path("reason").asText("");
    }

    private JsonNode status() {
      try {
        return Decoder.mapper().readTree(body == null || body.isBlank() ? "{}" : body);
      } catch (JsonProcessingException e) {
        return Decoder.mapper().createObjectNode(); // a proxy's page, say
      }
    }

    /** The failure that a code outside 2xx is. */
    RuntimeException failure(String what) {
      var said = status().path("message").asText("");
      var message =
          what + ": " + code + " " + said.substring(0, Math.min(said.length(), LONGEST_MESSAGE));
      if (code == 409) {
        return new Conflict(message, null);
      }
      if (code == 401 || code == 408 || code == 429 || code / 100 != 4) {
        return new Unreachable(message);
      }
      return code == 403
          ? new Forbidden(Reason.SubmitFailed, message)
          : new Rejected(Reason.SubmitFailed, message);
    }
  }

  Answer get(String path) {
    return wait(
        "GET " + path,
        http.sendAsync(http.newHttpRequestBuilder().uri(url + path).build(), String.class));
  }

  Answer send(String method, String path, String contentType, Object body) {
    var request =
        http.newHttpRequestBuilder()
            .uri(url + path)
            .method(method, contentType, Serialization.asJson(body))
            .build();
    return wait(method + " " + path, http.sendAsync(request, String.class));
  }

  /** The last bytes of a text that may be long; never more of it in memory than that. */
  Answer tail(String path, int maxBytes) {
    var tail = new Tail(maxBytes);
    var request = http.newHttpRequestBuilder().uri(url + path).build();
    var whole =
        http.consumeBytes(
                request,
                (buffers, body) -> {
                  buffers.forEach(tail::add);
                  body.consume();
                })
            .thenCompose(
                response -> {
                  response.body().consume();
                  return response
                      .body()
                      .done()
                      .thenApply(done -> new Answer(response.code(), tail.text()));
                });
    return await("GET " + path, whole);
  }

  /** {@code /api/v1/namespaces/x/pods/y} and the like; the name is optional. */
  static String path(ResourceType type, String namespace, String name) {
    var root = type.group().isEmpty() ? "/api/" : "/apis/";
    var collection =
        root + type.apiVersion() + "/namespaces/" + segment(namespace) + "/" + type.plural();
    return name == null ? collection : collection + "/" + segment(name);
  }

  static String segment(String text) {
    if (text.isBlank() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException("no name of an object: '" + text + "'");
    }
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Answer wait(String what, CompletableFuture<HttpResponse<String>> response) {
    return await(what, response.thenApply(r -> new Answer(r.code(), r.body())));
  }

  private Answer await(String what, CompletableFuture<Answer> answer) {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new Unreachable(what + ": no answer", e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new Unreachable(what + ": no answer within " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
      throw new Unreachable(what + ": interrupted", e);
    }
  }
}

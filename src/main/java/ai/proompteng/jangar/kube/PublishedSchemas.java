package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Unreachable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The schemas that the API server publishes as OpenAPI. Everybody who may log in may read them, so
 * no rule has to allow it.
 */
public final class PublishedSchemas {
  private final ApiServer server;

  /**
   * @param client closed by whoever made it
   * @param timeout the longest that the request may last
   */
  public PublishedSchemas(KubernetesClient client, Duration timeout) {
    this.server = new ApiServer(client, timeout);
  }

  /**
   * Those of the group and version that our kinds are of, by kind; empty where nothing is
   * published.
   *
   * @throws Unreachable when the API server does not answer
   */
  public Map<String, JsonNode> read() {
    var answer = server.get("/openapi/v3/apis/" + Kind.AGENT_RUN.apiVersion());
    if (!answer.ok()) {
      if (answer.code() / 100 == 4) {
        return Map.of(); // no kind of ours, or a server that publishes none
      }
      throw answer.failure("read the published schemas");
    }
    var schemas = new HashMap<String, JsonNode>();
    for (var schema : tree(answer.body()).at("/components/schemas")) {
      var names = schema.path("x-kubernetes-group-version-kind");
      if (names.size() == 1) { // a List of a kind has one too, and another name
        schemas.put(names.get(0).path("kind").asText(), schema);
      }
    }
    return schemas;
  }

  private static JsonNode tree(String body) {
    try {
      return Decoder.mapper().readTree(body);
    } catch (JsonProcessingException e) {
      throw new Unreachable("the published schemas are no JSON", e);
    }
  }
}

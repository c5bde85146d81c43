package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Holds answers against the OpenAPI document. */
public final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = JSON.valueToTree(OpenApi.document());
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final Map<String, JsonSchema> KNOWN = new ConcurrentHashMap<>();

  private Answers() {}

  /** Fails when the answer is not one that the document tells of; of what is no endpoint, never. */
  public static HttpResponse<String> fit(HttpResponse<String> answer) {
    var path = answer.uri().getPath();
    if (!path.startsWith("/v1/") || path.contains("/webhooks/") || answer.body().isEmpty()) {
      return answer;
    }
    var type = answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
    schema(
            answer.request().method().toLowerCase(java.util.Locale.ROOT),
            path,
            answer.statusCode(),
            type)
        .ifPresent(
            schema ->
                assertThat(schema.validate(json(answer.body())))
                    .as(answer + " " + answer.body())
                    .isEmpty());
    return answer;
  }

  private static Optional<JsonSchema> schema(String method, String path, int status, String type) {
    var endpoint =
        Endpoint.ALL.stream()
            .filter(it -> it.method().equals(method))
            .filter(it -> Paths.match(it.path().replace("{id}", ":id"), path))
            .findFirst();
    if (endpoint.isEmpty() || type.equals("text/plain")) {
      return Optional.empty();
    }
    var responses =
        DOCUMENT.path("paths").path(endpoint.get().path()).path(method).path("responses");
    var word = String.valueOf(status);
    var response = responses.path(responses.has(word) ? word : "default");
    if (status < 300) {
      assertThat(responses.has(word)).as(method + " " + path + " may answer " + status).isTrue();
    }
    var schema = response.path("content").path(type).path("schema");
    assertThat(schema.isMissingNode())
        .as(method + " " + path + " may answer with " + type)
        .isFalse();
    return Optional.of(KNOWN.computeIfAbsent(schema.toString(), any -> with(schema)));
  }

  /** The schema, with what it may refer to. */
  private static JsonSchema with(JsonNode schema) {
    var whole = JSON.createObjectNode();
    whole.set("allOf", JSON.createArrayNode().add(schema));
    whole.set("components", DOCUMENT.path("components"));
    return SCHEMAS.getSchema(whole);
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(body, e);
    }
  }
}

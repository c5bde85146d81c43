package ai.proompteng.jangar.rest;

import static ai.proompteng.jangar.rest.JsonSchemas.inOrder;
import static ai.proompteng.jangar.rest.JsonSchemas.ref;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The API as an OpenAPI 3.1 document, made of the table of endpoints. Pure. */
final class OpenApi {
  private static final Map<String, Object> TEXT = Map.of("type", "string");
  private static final Map<String, Object> TIME = inOrder("type", "string", "format", "date-time");
  private static final Map<String, Object> OBJECT = Map.of("type", "object");

  private final JsonSchemas bodies = new JsonSchemas();

  private OpenApi() {}

  /** The whole document. */
  static Map<String, Object> document() {
    return new OpenApi().whole();
  }

  private Map<String, Object> whole() {
    var document = new LinkedHashMap<String, Object>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        inOrder(
            "title",
            "Jangar",
            "version",
            "v1",
            "description",
            "Starts coding agents, shows what becomes of them, and ends them."));
    document.put("security", List.of(Map.of("token", List.of())));
    document.put("paths", paths());
    document.put(
        "components",
        inOrder(
            "securitySchemes",
            Map.of("token", inOrder("type", "http", "scheme", "bearer")),
            "schemas",
            schemas()));
    return document;
  }

  private Map<String, Object> paths() {
    var paths = new LinkedHashMap<String, Map<String, Object>>();
    for (var endpoint : Endpoint.ALL) {
      paths
          .computeIfAbsent(endpoint.path(), path -> new LinkedHashMap<>())
          .put(endpoint.method(), operation(endpoint));
    }
    return new LinkedHashMap<>(paths);
  }

  private Map<String, Object> operation(Endpoint endpoint) {
    var operation = new LinkedHashMap<String, Object>();
    operation.put("operationId", endpoint.step());
    operation.put("summary", endpoint.summary());
    var parameters = parameters(endpoint);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    if (endpoint.body() != null) {
      operation.put(
          "requestBody",
          inOrder(
              "required",
              endpoint.body() != Wish.class,
              "content",
              json(bodies.of(endpoint.body()))));
    }
    operation.put("responses", responses(endpoint));
    return operation;
  }

  private static List<Object> parameters(Endpoint endpoint) {
    var parameters = new ArrayList<>();
    if (endpoint.path().contains("{id}")) {
      parameters.add(inOrder("name", "id", "in", "path", "required", true, "schema", TEXT));
    }
    if (endpoint.method().equals("post")) {
      parameters.add(
          inOrder(
              "name",
              "Idempotency-Key",
              "in",
              "header",
              "required",
              true,
              "description",
              "the same key again is the same request: it is done once",
              "schema",
              inOrder("type", "string", "minLength", 1)));
    }
    if (endpoint.query().contains(Parameter.MODE)) {
      parameters.add(
          inOrder(
              "name",
              "If-Match",
              "in",
              "header",
              "required",
              false,
              "description",
              "the `ETag` of the object that is to be changed",
              "schema",
              TEXT));
    }
    for (var parameter : endpoint.query()) {
      parameters.add(
          inOrder(
              "name",
              parameter.word(),
              "in",
              "query",
              "required",
              false,
              "description",
              parameter.meaning(),
              "schema",
              parameter.schema()));
    }
    return parameters;
  }

  private static Map<String, Object> responses(Endpoint endpoint) {
    var responses = new LinkedHashMap<String, Object>();
    endpoint
        .answers()
        .forEach(
            (status, fields) ->
                responses.put(
                    status.toString(),
                    inOrder(
                        "description",
                        status == 201 ? "It was made" : "Done",
                        "content",
                        json(fields.isEmpty() ? OBJECT : answer(fields)))));
    if (endpoint.answers().isEmpty()) {
      responses.put(
          "200",
          inOrder(
              "description",
              "The text; empty when there is none yet",
              "content",
              Map.of("text/plain", Map.of("schema", TEXT))));
    }
    responses.put(
        "default",
        inOrder(
            "description",
            "It was not done",
            "content",
            inOrder(
                Envelope.JSON,
                Map.of("schema", ref("Error")),
                "application/problem+json",
                Map.of("schema", ref("Problem")))));
    return responses;
  }

  private static Map<String, Object> answer(Map<String, Object> fields) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>(List.of("ok"));
    properties.put("ok", Map.of("const", true));
    fields.forEach(
        (name, schema) -> {
          if (name.endsWith("?")) {
            properties.put(name.substring(0, name.length() - 1), schema);
          } else {
            properties.put(name, schema);
            required.add(name);
          }
        });
    return object(properties, required);
  }

  private Map<String, Object> schemas() {
    var schemas = new LinkedHashMap<String, Object>();
    schemas.put("Agent", kind("Agent"));
    schemas.put("AgentRun", kind("AgentRun"));
    schemas.put("RunRecord", record());
    schemas.put("Error", error());
    schemas.put("Problem", problem());
    schemas.putAll(bodies.known());
    return schemas;
  }

  private static Map<String, Object> kind(String kind) {
    return inOrder(
        "type",
        "object",
        "description",
        "The object, as Kubernetes has it",
        "properties",
        inOrder(
            "apiVersion",
            TEXT,
            "kind",
            Map.of("const", kind),
            "metadata",
            OBJECT,
            "spec",
            OBJECT,
            "status",
            OBJECT),
        "required",
        List.of("apiVersion", "kind", "metadata"));
  }

  private static Map<String, Object> record() {
    var properties =
        inOrder(
            "id",
            inOrder("type", "string", "format", "uuid"),
            "agentName",
            TEXT,
            "deliveryId",
            TEXT,
            "provider",
            inOrder("type", "string", "description", "the type of the runtime"),
            "status",
            inOrder("type", "string", "description", "the phase"),
            "externalRunId",
            inOrder("type", "string", "description", "the name of the AgentRun"),
            "payload",
            inOrder("type", "object", "description", "what was asked for, and the object"),
            "createdAt",
            TIME,
            "updatedAt",
            TIME);
    var required = new ArrayList<>(properties.keySet());
    required.remove("payload");
    return object(properties, required);
  }

  private static Map<String, Object> error() {
    return object(
        inOrder(
            "ok",
            Map.of("const", false),
            "error",
            inOrder("type", "string", "description", "for people; its words may change"),
            "code",
            codes(),
            "details",
            OBJECT,
            "requestId",
            TEXT),
        List.of("ok", "error", "code", "requestId"));
  }

  private static Map<String, Object> problem() {
    return object(
        inOrder(
            "type",
            TEXT,
            "title",
            TEXT,
            "status",
            Map.of("type", "integer"),
            "detail",
            TEXT,
            "code",
            codes(),
            "details",
            OBJECT,
            "requestId",
            TEXT),
        List.of("type", "title", "status", "detail", "code", "requestId"));
  }

  private static Map<String, Object> codes() {
    return inOrder(
        "type", "string", "enum", Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList());
  }

  private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
    return inOrder(
        "type",
        "object",
        "additionalProperties",
        false,
        "properties",
        properties,
        "required",
        required);
  }

  private static Map<String, Object> json(Map<String, Object> schema) {
    return Map.of(Envelope.JSON, Map.of("schema", schema));
  }
}

package ai.proompteng.jangar.local;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.crud.KubernetesCrudDispatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.Attribute;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * The objects of the embedded API server: fabric8's CRUD dispatcher, and where it is laxer than the
 * real thing in what Jangar relies on, made as strict: stale and wrong-uid writes, delete
 * preconditions, merge patches, stringData, garbage collection by owner.
 */
final class LocalObjects extends KubernetesCrudDispatcher {
  private static final ObjectMapper JSON = Decoder.mapper();
  private static final String MERGE = "application/merge-patch+json";
  private static final int CREATED = 201;
  private static final int CONFLICT = 409;
  private static final int UNSUPPORTED = 415;

  private final Deque<String> goneUids = new ArrayDeque<>();

  /** One request at a time: a check and the write that it guards are not torn apart. */
  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    try {
      return switch (request.method()) {
        case POST, PUT -> write(request);
        case PATCH -> patch(request);
        case DELETE -> delete(request);
        default -> super.dispatch(request);
      };
    } catch (IOException broken) {
      return ApiFailure.response(400, "BadRequest", "the body is not JSON");
    } finally {
      collectGarbage();
    }
  }

  /** The object at that path; missing when there is none. */
  JsonNode at(String path) throws IOException {
    var response = handleGet(path);
    if (response.code() != 200 || response.getBody() == null) {
      return JSON.missingNode();
    }
    return JSON.readTree(response.getBody().getBytes());
  }

  private MockResponse write(RecordedRequest request) throws IOException {
    if (String.valueOf(request.getHeader("Content-Type")).contains("protobuf")) {
      return ApiFailure.response(
          UNSUPPORTED, "UnsupportedMediaType", "JSON only: kubectl apply -f");
    }
    var body = JSON.readTree(request.getBody().getBytes());
    if (request.method() == HttpMethod.PUT) {
      var current = at(objectPath(request));
      boolean status = path(request).endsWith("/status");
      if (differs(current, body.path("metadata"), "uid")
          || status && differs(current, body.path("metadata"), "resourceVersion")) {
        return ApiFailure.response(CONFLICT, "Conflict", "the object has been modified");
      }
    }
    var response = super.dispatch(with(request, encodeStringData(body), "application/json"));
    return response.code() == CREATED ? stored(request, response) : response;
  }

  /** What {@link #processEvent} made of it. */
  private MockResponse stored(RecordedRequest request, MockResponse created) throws IOException {
    var name = JSON.readTree(created.getBody().getBytes()).at("/metadata/name").asText();
    return created.setBody(at(path(request) + "/" + name).toString());
  }

  private MockResponse patch(RecordedRequest request) throws IOException {
    var type = String.valueOf(request.getHeader("Content-Type"));
    if (type.startsWith("application/apply-patch")) {
      return ApiFailure.response(UNSUPPORTED, "UnsupportedMediaType", "server-side apply");
    }
    var body = JSON.readTree(request.getBody().getBytes());
    boolean operations = type.startsWith("application/json-patch");
    var before = at(objectPath(request));
    var response =
        super.dispatch(
            with(
                request,
                operations ? body : encodeStringData(body),
                operations ? "application/json-patch+json" : MERGE));
    if (response.code() / 100 == 2
        && (response.getBody() == null || response.getBody().size() == 0)) {
      ((ObjectNode) before.path("metadata"))
          .remove("finalizers"); // the last one went, and so did it
      response.setBody(before.toString());
    }
    return response.code() == 202 ? response.setResponseCode(200) : response;
  }

  private MockResponse delete(RecordedRequest request) throws IOException {
    var body = request.getBody().getBytes();
    if (body.length > 0) {
      var preconditions = JSON.readTree(body).path("preconditions");
      var current = at(path(request));
      if (differs(current, preconditions, "uid")
          || differs(current, preconditions, "resourceVersion")) {
        return ApiFailure.response(
            CONFLICT, "Conflict", "the object is not the one that was meant");
      }
    }
    return super.dispatch(request);
  }

  private static boolean differs(JsonNode current, JsonNode wanted, String field) {
    var value = wanted.path(field);
    var actual = current.path("metadata").path(field);
    return value.isTextual()
        && !value.asText().isEmpty()
        && actual.isTextual()
        && !value.asText().equals(actual.asText());
  }

  /** A merge patch as RFC 7396 has it: null takes away, lists are replaced. */
  @Override
  public JsonNode merge(JsonNode base, String patch) throws KubernetesCrudDispatcherException {
    return merge(base.deepCopy(), asNode(patch));
  }

  private static JsonNode merge(JsonNode base, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    var merged = base.isObject() ? (ObjectNode) base : JSON.createObjectNode();
    patch
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                merged.remove(field.getKey());
              } else {
                merged.set(field.getKey(), merge(merged.path(field.getKey()), field.getValue()));
              }
            });
    return merged;
  }

  private static JsonNode encodeStringData(JsonNode body) {
    if (body instanceof ObjectNode secret && secret.path("stringData").isObject()) {
      var data = secret.withObject("/data");
      secret
          .remove("stringData")
          .properties()
          .forEach(
              entry ->
                  data.put(
                      entry.getKey(),
                      Base64.getEncoder()
                          .encodeToString(
                              entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
    return body;
  }

  @Override
  public void processEvent(
      String path,
      AttributeSet pathAttributes,
      AttributeSet oldAttributes,
      GenericKubernetesResource resource,
      String newState) {
    if (newState == null && oldAttributes != null && getMap().containsKey(oldAttributes)) {
      var gone =
          Serialization.unmarshal(getMap().get(oldAttributes), GenericKubernetesResource.class);
      goneUids.add(gone.getMetadata().getUid());
    }
    if (oldAttributes == null && resource != null) {
      // the dispatcher counts its uids from one at each start
      resource.getMetadata().setUid(UUID.randomUUID().toString());
      super.processEvent(path, pathAttributes, null, resource, Serialization.asJson(resource));
    } else {
      super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
    }
  }

  /** Deletes what the deleted owned, in the background as the real one does. */
  private void collectGarbage() {
    while (!goneUids.isEmpty()) {
      var uid = goneUids.poll();
      for (String dependent : dependentsOf(uid)) {
        handleDelete(dependent);
      }
    }
  }

  private List<String> dependentsOf(String uid) {
    var paths = new ArrayList<String>();
    for (var entry : getMap().entrySet()) {
      if (entry.getValue().contains(uid)) {
        var object = Serialization.unmarshal(entry.getValue(), GenericKubernetesResource.class);
        if (object.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> uid.equals(owner.getUid()))) {
          paths.add(pathOf(entry.getKey()));
        }
      }
    }
    return paths;
  }

  private static String pathOf(AttributeSet key) {
    var api = attribute(key, "api");
    var namespace = attribute(key, "namespace");
    return (api == null ? "/api" : "/apis/" + api)
        + "/"
        + attribute(key, "version")
        + (namespace == null ? "" : "/namespaces/" + namespace)
        + "/"
        + attribute(key, "plural")
        + "/"
        + attribute(key, "name");
  }

  private static String attribute(AttributeSet key, String name) {
    Attribute attribute = key.getAttribute(name);
    return attribute == null ? null : attribute.getValues().get(0).toString();
  }

  private static String path(RecordedRequest request) {
    return request.getPath().split("\\?", 2)[0];
  }

  private static String objectPath(RecordedRequest request) {
    return path(request).replaceFirst("/status$", "");
  }

  private static RecordedRequest with(RecordedRequest request, JsonNode body, String type) {
    return new RecordedRequest(
        request.getHttpVersion(),
        request.method(),
        path(request), // the CRUD dispatcher takes a query for a part of "/status"
        Headers.builder().add("Content-Type", type).build(),
        new Buffer(body.toString().getBytes(StandardCharsets.UTF_8)));
  }
}

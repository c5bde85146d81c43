package ai.proompteng.jangar.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bodies of requests, read so that nothing in them is passed over: a field that nobody reads, a key
 * that is there twice, a number where a text must be.
 */
final class StrictJson {
  private static final int MAX_DEPTH = 100;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private StrictJson() {}

  /** The body as that; refused when it is anything else. */
  static <T> T read(byte[] body, Class<T> type) {
    try {
      var read = body == null || body.length == 0 ? null : MAPPER.readValue(body, type);
      if (read == null) {
        throw ErrorCode.INVALID_JSON.refuse("the body must be a JSON object");
      }
      return read;
    } catch (UnrecognizedPropertyException e) {
      var path = path(e);
      throw ErrorCode.UNKNOWN_FIELD.at(path, "there is no field " + path);
    } catch (JsonMappingException e) {
      var path = path(e);
      throw path.isEmpty() || e.getCause() instanceof JsonProcessingException
          ? ErrorCode.INVALID_JSON.refuse("the body is not a valid JSON object")
          : ErrorCode.INVALID_FIELD.at(path, path + " has another form than it must");
    } catch (IOException e) {
      throw ErrorCode.INVALID_JSON.refuse("the body is not valid JSON");
    }
  }

  /** The body as it is, an object; a missing node where there is none. */
  static JsonNode tree(byte[] body) {
    if (body == null || body.length == 0) {
      return MissingNode.getInstance();
    }
    return read(body, ObjectNode.class);
  }

  /** What was an object when it was kept. */
  static Map<String, Object> map(String json) {
    try {
      return MAPPER.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a kept answer is not readable", e);
    }
  }

  /** The bytes as text, if they are an object. */
  static Optional<String> object(byte[] json) {
    try {
      return MAPPER.readTree(json).isObject()
          ? Optional.of(new String(json, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String path(JsonMappingException e) {
    var path = new StringBuilder();
    for (var step : List.copyOf(e.getPath())) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }
}

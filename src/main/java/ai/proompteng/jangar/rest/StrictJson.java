package ai.proompteng.jangar.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.List;

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

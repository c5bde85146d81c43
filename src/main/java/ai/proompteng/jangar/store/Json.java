package ai.proompteng.jangar.store;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Map;

/** JSON that {@code jsonb} takes, out and in. */
final class Json {
  private static final ObjectMapper MAPPER =
      Decoder.mapper()
          .copy()
          .registerModule(
              new SimpleModule("storable")
                  .addSerializer(String.class, new StorableText())
                  .addKeySerializer(String.class, new StorableKey()));

  private Json() {}

  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(value.getClass() + " is no JSON", e);
    }
  }

  static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored " + type.getSimpleName() + " is not readable", e);
    }
  }

  static Map<String, Object> readMap(String json) {
    try {
      return MAPPER.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored object is not readable", e);
    }
  }

  private static final class StorableText extends StdSerializer<String> {
    StorableText() {
      super(String.class);
    }

    @Override
    public void serialize(String value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(Text.storable(value));
    }
  }

  private static final class StorableKey extends StdSerializer<String> {
    StorableKey() {
      super(String.class);
    }

    @Override
    public void serialize(String value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeFieldName(Text.storable(value));
    }
  }
}

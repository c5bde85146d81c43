package ai.proompteng.jangar.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import net.logstash.logback.composite.AbstractJsonProvider;

/**
 * The key=value pairs of a log line as fields of its JSON, each name once. Numbers and switches
 * stay what they are; all else is written as it says itself, never field by field: an address of
 * the database hides its password in its own words.
 */
public final class LogFields extends AbstractJsonProvider<ILoggingEvent> {
  private static final int MAX_TEXT = 8192;
  private static final Set<String> TAKEN =
      Set.of("time", "level", "logger", "thread", "message", "service", "stack");

  @Override
  public void writeTo(JsonGenerator json, ILoggingEvent event) throws IOException {
    var fields = new LinkedHashMap<String, Object>();
    if (event.getMDCPropertyMap() != null) {
      fields.putAll(event.getMDCPropertyMap());
    }
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
    }
    for (var field : fields.entrySet()) {
      var name = field.getKey();
      json.writeFieldName(TAKEN.contains(name) ? name + "_" : name);
      write(json, field.getValue());
    }
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Boolean yes) {
      json.writeBoolean(yes);
    } else if (value instanceof Integer || value instanceof Long) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (var entry : map.entrySet()) {
        json.writeStringField(String.valueOf(entry.getKey()), text(entry.getValue()));
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> items) {
      json.writeStartArray();
      for (var item : items) {
        json.writeString(text(item));
      }
      json.writeEndArray();
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(text(value));
    }
  }

  private static String text(Object value) {
    var text = String.valueOf(value);
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}

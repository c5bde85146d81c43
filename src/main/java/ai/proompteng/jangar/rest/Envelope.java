package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as people and programs read it (decision 10): {@code
 * {ok:false,error,code,details?,requestId}}, or RFC 9457 for who accepts {@code
 * application/problem+json}.
 */
record Envelope(String contentType, byte[] body) {
  static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  // an absent object is told as null, not left out
  private static final ObjectMapper MAPPER =
      Decoder.mapper().copy().setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS);

  static Envelope error(
      int status, String code, String message, Map<String, ?> details, String id, String accept) {
    boolean problem = accept != null && accept.contains(PROBLEM);
    var fields = new LinkedHashMap<String, Object>();
    if (problem) {
      fields.put("type", "about:blank");
      fields.put("title", code);
      fields.put("status", status);
      fields.put("detail", message);
    } else {
      fields.put("ok", false);
      fields.put("error", message);
    }
    fields.put("code", code);
    if (!details.isEmpty()) {
      fields.put("details", details);
    }
    fields.put("requestId", id);
    return new Envelope(problem ? PROBLEM : JSON, json(fields));
  }

  static byte[] json(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of plain values are always JSON", e);
    }
  }
}

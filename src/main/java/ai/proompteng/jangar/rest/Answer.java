package ai.proompteng.jangar.rest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with: a status, a JSON object that begins with {@code ok}, headers.
 */
record Answer(int status, Map<String, Object> body, Map<String, String> headers) {

  static Answer ok() {
    return of(200);
  }

  static Answer created(String location) {
    return of(201).header("Location", location);
  }

  private static Answer of(int status) {
    var body = new LinkedHashMap<String, Object>();
    body.put("ok", true);
    return new Answer(status, body, new LinkedHashMap<>());
  }

  Answer with(String field, Object value) {
    body.put(field, value);
    return this;
  }

  Answer header(String name, String value) {
    headers.put(name, value);
    return this;
  }
}

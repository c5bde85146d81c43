package ai.proompteng.jangar.rest;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a request is called in answers and logs: the sender's word for it if it is harmless. */
final class RequestIds {
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final List<String> HEADERS =
      List.of("X-Correlation-Id", "X-Request-Id", "X-Amzn-Trace-Id", "X-GitHub-Delivery");

  private RequestIds() {}

  static String of(HttpServerRequest request) {
    return HEADERS.stream()
        .flatMap(name -> Stream.ofNullable(request.getHeader(name)))
        .filter(id -> HARMLESS.matcher(id).matches())
        .findFirst()
        .orElseGet(() -> UUID.randomUUID().toString());
  }
}

package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpDoorIT {
  private static final String TOKEN = "the token of this start";
  private Webhooks server;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_body_that_does_not_come_is_408() throws Exception {
    open(limits(Duration.ofMillis(200), 0, 1), Optional.empty());
    assertThat(
            raw(
                "POST "
                    + Webhooks.PATH
                    + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10\r\n\r\n{"))
        .startsWith("HTTP/1.1 408")
        .contains("\"code\":\"timeout\"");
  }

  @Test
  void what_is_malformed_in_its_head_is_refused_in_our_words() throws Exception {
    open(HttpLimits.defaults(), Optional.empty());
    var post =
        "POST " + Webhooks.PATH + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    for (var length : new String[] {"x", "-1", "1, 2", "0x10"}) {
      assertThat(raw(post + "Content-Length: " + length + "\r\n\r\n"))
          .as(length)
          .startsWith("HTTP/1.1 400")
          .contains("\"code\":\"bad_request\"");
    }
    assertThat(raw(post + "Content-Length: 99999999999999999999\r\n\r\n"))
        .matches("(?s)HTTP/1.1 (400|413).*\"ok\":false.*");
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(70_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("\"code\":\"headers_too_large\"");
    assertThat(raw("GET /" + "a".repeat(70_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .contains(" 414 ")
        .contains("\"code\":\"uri_too_long\"");
  }

  @Test
  void too_many_webhooks_at_once_are_429() throws Exception {
    open(limits(Duration.ofSeconds(4), 1, 3), Optional.empty());
    for (int i = 0; i < 3; i++) {
      assertThat(server.post("{}").statusCode()).isEqualTo(401);
    }
    var late = server.post("{}");
    assertThat(late.statusCode()).isEqualTo(429);
    assertThat(late.body()).contains("\"code\":\"rate_limited\"");
    assertThat(late.headers().firstValue("Retry-After")).contains("1");
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void bodies_that_are_held_have_a_limit_together() throws Exception {
    var defaults = HttpLimits.defaults();
    var tight =
        new HttpLimits(
            1000, 1000, Duration.ofSeconds(4), 500, 512, 0, 1, 1, 100, defaults.idle(), 4);
    open(tight, Optional.empty());
    for (int i = 0; i < 3; i++) { // what is held is let go
      assertThat(server.post("x".repeat(600)).body()).contains("\"code\":\"busy\"");
      assertThat(server.post("x".repeat(400)).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void local_mode_serves_its_own_host_and_origin_alone() throws Exception {
    open(HttpLimits.defaults(), Optional.of(new LoopbackGuard(TOKEN)));
    int port = server.port();

    assertThat(server.get("/health").statusCode()).isEqualTo(200);
    assertThat(raw("GET /health HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    for (var host :
        new String[] {"evil.example", "127.0.0.1", "localhost:1", "", "0.0.0.0:" + port}) {
      assertThat(raw("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 403")
          .contains("\"code\":\"foreign_host\"");
    }
    assertThat(raw("GET /health HTTP/1.0\r\n\r\n")).contains(" 403 ");
    for (var origin : new String[] {"http://evil.example", "null", "https://localhost:" + port}) {
      var request = HttpRequest.newBuilder(server.uri("/health")).header("Origin", origin);
      assertThat(server.send(request).body()).as(origin).contains("\"code\":\"foreign_origin\"");
      assertThat(server.send(server.event(new byte[] {1}).header("Origin", origin)).statusCode())
          .isEqualTo(403);
    }
    var own =
        HttpRequest.newBuilder(server.uri("/health")).header("Origin", "http://localhost:" + port);
    assertThat(server.send(own).statusCode()).isEqualTo(200);
  }

  @Test
  void local_mode_wants_its_token_for_what_changes_state_and_a_signature_of_a_webhook()
      throws Exception {
    open(HttpLimits.defaults(), Optional.of(new LoopbackGuard(TOKEN)));
    var post =
        HttpRequest.newBuilder(server.uri("/v1/agent-runs")).POST(BodyPublishers.ofString("{}"));
    assertThat(server.send(post).statusCode()).isEqualTo(401);
    assertThat(server.send(post.copy().header("Authorization", "Bearer wrong")).statusCode())
        .isEqualTo(401);
    var known = server.send(post.copy().header("Authorization", "Bearer " + TOKEN));
    assertThat(known.statusCode()).isEqualTo(400); // the token was not what failed
    server.withSource();
    assertThat(server.post("{}").body()).contains("ignored");
  }

  private void open(HttpLimits limits, Optional<LoopbackGuard> guard) throws Exception {
    server = new Webhooks(limits, guard, Access.EVERYONE, new NoRuns());
  }

  private static HttpLimits limits(Duration body, int perSecond, int burst) {
    var defaults = HttpLimits.defaults();
    return new HttpLimits(
        defaults.webhookBodyBytes(),
        defaults.otherBodyBytes(),
        body,
        defaults.bodyBytesInFlight(),
        defaults.requestsInFlight(),
        perSecond,
        burst,
        10,
        10,
        defaults.idle(),
        4);
  }

  /** Sends the bytes as they are and reads up to the end of the first answer's body. */
  private String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var answer = new StringBuilder();
      var buffer = new byte[8192];
      while (!answer.toString().contains("}") && !answer.toString().endsWith("\r\n\r\n")) {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          break;
        }
        answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
      }
      return answer.toString();
    }
  }
}

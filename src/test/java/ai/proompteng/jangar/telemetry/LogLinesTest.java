package ai.proompteng.jangar.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Reason;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.event.KeyValuePair;

/** A line as the server writes it, by its own configuration. */
class LogLinesTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final String FORGED = "x\r\n{\"level\":\"ERROR\",\"message\":\"forged\"}";

  /** Says less of itself than it holds, as what hides a password does. */
  record Address(String host, String password) {
    @Override
    public String toString() {
      return host;
    }
  }

  @AfterEach
  void forget() {
    MDC.clear();
  }

  @Test
  void a_line_is_one_json_object_with_its_pairs_as_fields() throws Exception {
    MDC.put("traceId", "0af7651916cd43dd8448eb211c80319c");
    var line =
        json(
            "A run is held",
            pair("reason", Reason.SubmitRetry),
            pair("durationMs", 12L),
            pair("agentRun.uid", "6f2b"));
    assertThat(line.path("message").asText()).isEqualTo("A run is held");
    assertThat(line.path("level").asText()).isEqualTo("INFO");
    assertThat(line.path("service").asText()).isEqualTo("jangar");
    assertThat(line.path("logger").asText()).isEqualTo("ai.proompteng.jangar.agentrun.RunReporter");
    assertThat(line.path("reason").asText()).isEqualTo("SubmitRetry");
    assertThat(line.path("durationMs").isIntegralNumber()).isTrue();
    assertThat(line.path("agentRun.uid").asText()).isEqualTo("6f2b");
    assertThat(line.path("traceId").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(line.path("time").asText()).endsWith("Z");
  }

  @Test
  void text_from_outside_makes_no_line_of_its_own() throws Exception {
    var line = json(FORGED, pair("reason", FORGED), pair("names", List.of(FORGED)));
    assertThat(line.path("message").asText()).isEqualTo(FORGED);
    assertThat(line.path("reason").asText()).isEqualTo(FORGED);
    assertThat(plain(event(FORGED, pair("reason", FORGED))).strip()).doesNotContain("\n", "\r");
  }

  @Test
  void a_failure_is_one_line_and_bounded() throws Exception {
    var event = event("It failed");
    event.setThrowableProxy(
        new ch.qos.logback.classic.spi.ThrowableProxy(
            new IllegalStateException(FORGED + "y".repeat(100_000), new IOException("cause"))));
    var text = text("json", event);
    assertThat(text.strip()).doesNotContain("\n").hasSizeLessThan(40_000);
    assertThat(JSON.readTree(text).path("stack").asText()).contains("IOException: cause");
  }

  @Test
  void a_value_says_itself_and_shows_no_field_that_it_hides() throws Exception {
    var address = new Address("db.example", "hunter2");
    var event = event("Ready", pair("database", address), pair("settings", Map.of("URL", address)));
    assertThat(text("json", event)).contains("db.example").doesNotContain("hunter2");
    assertThat(plain(event)).contains("db.example").doesNotContain("hunter2");
  }

  @Test
  void no_pair_takes_the_place_of_a_line_s_own_fields() throws Exception {
    MDC.put("traceId", "of the pass");
    var line = json("what is said", pair("message", "another"), pair("traceId", "of the pair"));
    assertThat(line.path("message").asText()).isEqualTo("what is said");
    assertThat(line.path("message_").asText()).isEqualTo("another");
    assertThat(line.path("traceId").asText()).isEqualTo("of the pair");
  }

  private static KeyValuePair pair(String key, Object value) {
    return new KeyValuePair(key, value);
  }

  private static LoggingEvent event(String message, KeyValuePair... pairs) {
    var event = new LoggingEvent();
    event.setLoggerName("ai.proompteng.jangar.agentrun.RunReporter");
    event.setLoggerContext(new LoggerContext());
    event.setLevel(Level.INFO);
    event.setThreadName("test");
    event.setTimeStamp(1_767_268_800_000L);
    event.setMessage(message);
    event.setMDCPropertyMap(
        MDC.getCopyOfContextMap() == null ? Map.of() : MDC.getCopyOfContextMap());
    List.of(pairs).forEach(event::addKeyValuePair);
    return event;
  }

  private static JsonNode json(String message, KeyValuePair... pairs) throws Exception {
    var text = text("json", event(message, pairs));
    assertThat(text).endsWith("\n");
    assertThat(text.strip()).doesNotContain("\n", "\r");
    return JSON.readTree(text);
  }

  private static String plain(ILoggingEvent event) throws JoranException {
    return text("plain", event);
  }

  private static String text(String appender, ILoggingEvent event) throws JoranException {
    var context = new LoggerContext();
    context.putProperty("jangar.log", appender);
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogLinesTest.class.getResource("/logback.xml"));
    var out = context.getLogger("ROOT").getAppender(appender);
    var encoder = ((ConsoleAppender<ILoggingEvent>) out).getEncoder();
    try {
      return new String(encoder.encode(event), StandardCharsets.UTF_8);
    } finally {
      context.stop();
    }
  }
}

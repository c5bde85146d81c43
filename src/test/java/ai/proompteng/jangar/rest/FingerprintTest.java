package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":[1,2]}|{ \"b\" : [1, 2], \"a\": 1 }",
        "{\"a\":1}|{\"a\":1.0}",
        "{\"a\":1e2}|{\"a\":100}",
        "{\"a\":-0.0}|{\"a\":0}",
        "{\"a\":\"\\u0041\"}|{\"a\":\"A\"}",
        "{\"a\":{\"c\":null,\"b\":true}}|{\"a\":{\"b\":true,\"c\":null}}"
      })
  void bodies_that_say_the_same_have_one(String one, String other) {
    assertThat(print(one)).isEqualTo(print(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":[1,2]}|{\"a\":[2,1]}",
        "{\"a\":1}|{\"a\":\"1\"}",
        "{\"a\":null}|{}",
        "{\"a\":\"b:c\"}|{\"a:b\":\"c\"}",
        "{\"a\":9007199254740993}|{\"a\":9007199254740992}",
        "{\"a\":0.1}|{\"a\":0.10000000000000002}"
      })
  void bodies_that_do_not_have_two(String one, String other) {
    assertThat(print(one)).isNotEqualTo(print(other));
  }

  @Test
  void path_namespace_query_and_version_count_and_no_dry_run_is_none() {
    var body = StrictJson.tree("{}".getBytes(StandardCharsets.UTF_8));
    var plain = Fingerprint.of("/v1/x", "agents", Map.of(), null, body);
    assertThat(Fingerprint.of("/v1/y", "agents", Map.of(), null, body)).isNotEqualTo(plain);
    assertThat(Fingerprint.of("/v1/x", "docs", Map.of(), null, body)).isNotEqualTo(plain);
    assertThat(Fingerprint.of("/v1/x", "agents", Map.of(), "7", body)).isNotEqualTo(plain);
    assertThat(Fingerprint.of("/v1/x", "agents", Map.of("mode", List.of("apply")), null, body))
        .isNotEqualTo(plain);
    assertThat(
            Fingerprint.of(
                "/v1/x",
                "agents",
                Map.of("dryRun", List.of("false"), "namespace", List.of("agents")),
                null,
                body))
        .isEqualTo(plain);
  }

  private static String print(String body) {
    return Fingerprint.of(
        "/v1/x", "agents", Map.of(), null, StrictJson.tree(body.getBytes(StandardCharsets.UTF_8)));
  }
}

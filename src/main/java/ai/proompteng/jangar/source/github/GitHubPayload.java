package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.core.Refused;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The JSON object of a delivery, out of a JSON or a form body, within limits (bars.md 3.1 B). */
final class GitHubPayload {
  /** How deep objects and arrays may nest. */
  static final int MAX_DEPTH = 64;

  /** How many characters one string may have: as many as the largest body that is ever taken. */
  static final int MAX_STRING = 25 << 20;

  private static final int MAX_NUMBER = 100;
  private static final String FIELD = "payload=";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_STRING)
                          .maxNumberLength(MAX_NUMBER)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private GitHubPayload() {}

  /**
   * The event.
   *
   * @throws Refused 400 when it is not UTF-8, not JSON, not an object, or beyond a limit
   */
  static JsonNode read(byte[] body, boolean form) {
    try {
      var tree = MAPPER.readTree(utf8(form ? field(body) : body));
      if (tree != null && tree.isObject()) {
        return tree;
      }
    } catch (CharacterCodingException | JsonProcessingException | IllegalArgumentException e) {
      throw invalid();
    }
    throw invalid();
  }

  /** Decoded strictly: what is not UTF-8 would else be changed behind the signature. */
  private static String utf8(byte[] body) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
  }

  /** The field's bytes, percent-decoded; decoding to text at once would pass over invalid UTF-8. */
  private static byte[] field(byte[] form) {
    for (var pair : new String(form, StandardCharsets.ISO_8859_1).split("&")) {
      if (pair.startsWith(FIELD)) {
        return URLDecoder.decode(pair.substring(FIELD.length()), StandardCharsets.ISO_8859_1)
            .getBytes(StandardCharsets.ISO_8859_1);
      }
    }
    return new byte[0];
  }

  private static Refused invalid() {
    return new Refused(400, "invalid_json", "the body is not a JSON object");
  }
}

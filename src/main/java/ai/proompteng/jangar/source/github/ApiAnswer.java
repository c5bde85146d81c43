package ai.proompteng.jangar.source.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What GitHub answered.
 *
 * @param headers by their names, in any case
 */
record ApiAnswer(int status, TreeMap<String, String> headers, byte[] body) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;[^,]*rel=\"?next\"?");
  private static final int MAX_MESSAGE = 200;

  boolean ok() {
    return status >= 200 && status < 300;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(String::strip).filter(it -> !it.isEmpty());
  }

  /** The address of the next page, as GitHub wrote it. */
  Optional<String> nextPage() {
    return header("Link")
        .map(NEXT::matcher)
        .filter(java.util.regex.Matcher::find)
        .map(m -> m.group(1));
  }

  /** The body; missing when it is no JSON. */
  JsonNode json() {
    try {
      var tree = MAPPER.readTree(body);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** What GitHub says of a failure. */
  String message() {
    var said = json().path("message").asText("");
    return said.length() <= MAX_MESSAGE ? said : said.substring(0, MAX_MESSAGE);
  }
}

package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The document and the page of the API, held against what they are made of. */
class OpenApiTest {
  private static final Path FILE = Path.of("docs/openapi.json");
  private static final Path PAGE = Path.of("docs/api.md");
  private static final String CODES = "| Code | Status | When |\n|---|---|---|\n";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = JSON.valueToTree(OpenApi.document());

  @Test
  void the_document_is_the_one_in_the_docs() throws IOException {
    var printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    var document = JSON.writer(printer).writeValueAsString(DOCUMENT) + "\n";
    if (Boolean.getBoolean("jangar.rewrite")) {
      Files.writeString(FILE, document);
    }
    assertThat(Files.readString(FILE))
        .as("./mvnw test -Dtest=OpenApiTest -Djangar.rewrite=true writes it anew")
        .isEqualTo(document);
  }

  @Test
  void the_page_has_every_code() throws IOException {
    var page = Files.readString(PAGE);
    var from = page.indexOf(CODES) + CODES.length();
    var table = new StringBuilder();
    for (var code : ErrorCode.values()) {
      table.append("| `%s` | %d | %s |\n".formatted(code.code(), code.status(), code.meaning()));
    }
    if (Boolean.getBoolean("jangar.rewrite")) {
      Files.writeString(PAGE, page.substring(0, from) + table);
    }
    assertThat(Files.readString(PAGE).substring(from))
        .as("./mvnw test -Dtest=OpenApiTest -Djangar.rewrite=true writes it anew")
        .isEqualTo(table.toString());
  }

  @Test
  void the_page_has_every_endpoint() throws IOException {
    var page = Files.readString(PAGE);
    assertThat(Endpoint.ALL)
        .allSatisfy(
            endpoint -> {
              var heading = endpoint.method().toUpperCase(java.util.Locale.ROOT);
              assertThat(page).contains("`" + heading + " " + endpoint.path() + "`");
            });
  }

  @Test
  void every_reference_leads_somewhere() {
    assertThat(DOCUMENT.findValuesAsText("$ref"))
        .isNotEmpty()
        .allMatch(ref -> !DOCUMENT.at(ref.substring(1)).isMissingNode());
  }

  @Test
  void every_post_wants_a_key() {
    DOCUMENT
        .path("paths")
        .forEach(
            path -> {
              if (path.has("post")) {
                assertThat(path.at("/post/parameters").findValuesAsText("name"))
                    .contains("Idempotency-Key");
              }
            });
  }

  @Test
  void an_operation_has_one_name() {
    var names = DOCUMENT.findValuesAsText("operationId");
    assertThat(names).hasSize(Endpoint.ALL.size()).doesNotHaveDuplicates();
  }

  /** Something provokes each code, and says so by its word. */
  @Test
  void every_code_is_seen_by_a_test() throws IOException {
    String tests;
    try (var files = Files.walk(Path.of("src/test/java"))) {
      tests =
          files
              .filter(file -> file.toString().matches(".*(IT|E2E|Test)\\.java"))
              .map(OpenApiTest::read)
              .collect(Collectors.joining());
    }
    List<String> unseen =
        Arrays.stream(ErrorCode.values())
            .map(ErrorCode::code)
            .filter(code -> !tests.matches("(?s).*\\b" + code + "\\b.*"))
            .toList();
    assertThat(unseen).isEmpty();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

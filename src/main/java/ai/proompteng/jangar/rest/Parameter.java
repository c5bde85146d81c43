package ai.proompteng.jangar.rest;

import java.util.List;
import java.util.Map;

/** What endpoints read of a query. */
enum Parameter {
  NAMESPACE("namespace", text(), "the namespace; the first that is watched where it matters"),
  MODE("mode", oneOf("create", "apply"), "`apply` changes an object that is there"),
  DRY_RUN("dryRun", oneOf("true", "false", "All"), "says what would be made, and makes nothing"),
  AGENT_ID("agentId", text(), "the Agent's name"),
  AGENT_NAME("agentName", text(), "the same"),
  STATUS("status", text(), "phases, with commas between them"),
  PHASE("phase", text(), "the same"),
  RUNTIME("runtime", text(), "the type of the runtime"),
  SINCE(
      "since", JsonSchemas.inOrder("type", "string", "format", "date-time"), "made then or later"),
  LABEL_SELECTOR(
      "labelSelector", text(), "`key=value`, with commas between them: all must be there"),
  LIMIT("limit", number(1, 500), "how many at the most; 50"),
  CURSOR("cursor", text(), "`nextCursor` of the page before"),
  VIEW("view", oneOf("full"), "`full`: with `payload`"),
  TAIL_LINES("tailLines", number(1, 5000), "the last so many lines"),
  CONTAINER("container", text(), "the container of the pod");

  private final String word;
  private final Map<String, Object> schema;
  private final String meaning;

  Parameter(String word, Map<String, Object> schema, String meaning) {
    this.word = word;
    this.schema = schema;
    this.meaning = meaning;
  }

  /** As a query spells it. */
  String word() {
    return word;
  }

  Map<String, Object> schema() {
    return schema;
  }

  String meaning() {
    return meaning;
  }

  private static Map<String, Object> text() {
    return JsonSchemas.inOrder("type", "string");
  }

  private static Map<String, Object> number(int least, int most) {
    return JsonSchemas.inOrder("type", "integer", "minimum", least, "maximum", most);
  }

  private static Map<String, Object> oneOf(String... words) {
    return JsonSchemas.inOrder("type", "string", "enum", List.of(words));
  }
}

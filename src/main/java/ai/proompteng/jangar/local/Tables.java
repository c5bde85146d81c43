package ai.proompteng.jangar.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects as the tables that kubectl prints, by the printer columns of their definition. */
final class Tables {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  // .a.b, and [?(@.type=="Ready")] on a list: what our definitions use
  private static final Pattern STEP =
      Pattern.compile("\\.([A-Za-z0-9_-]+)|\\[\\?\\(@\\.([A-Za-z]+)==\"([^\"]*)\"\\)\\]");

  private static final Column NAME = text("Name", ".metadata.name");
  private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp");

  private final Clock clock;

  Tables(Clock clock) {
    this.clock = clock;
  }

  /** One column: what stands above it, and where its values are found. */
  record Column(String name, String type, String path) {}

  /** The columns of a built-in resource; empty when kubectl's own will do. */
  static List<Column> columns(String plural) {
    return switch (plural) {
      case "pods" -> List.of(NAME, text("Status", ".status.phase"), AGE);
      case "jobs" ->
          List.of(
              NAME,
              text("Active", ".status.active"),
              text("Succeeded", ".status.succeeded"),
              text("Failed", ".status.failed"),
              AGE);
      case "events" ->
          List.of(
              new Column("LastSeen", "date", ".lastTimestamp"),
              text("Type", ".type"),
              text("Reason", ".reason"),
              text("Object", ".involvedObject.name"),
              text("Message", ".message"));
      default -> List.of();
    };
  }

  private static Column text(String name, String path) {
    return new Column(name, "string", path);
  }

  /** The columns of a definition's version: the name, its own, and the age. */
  static List<Column> columns(JsonNode definition, String version) {
    var columns = new ArrayList<Column>();
    columns.add(NAME);
    for (var served : definition.path("spec").path("versions")) {
      if (served.path("name").asText().equals(version)) {
        for (var column : served.path("additionalPrinterColumns")) {
          columns.add(
              new Column(
                  column.path("name").asText(),
                  column.path("type").asText(),
                  column.path("jsonPath").asText()));
        }
      }
    }
    if (columns.stream().noneMatch(column -> column.name().equals("Age"))) {
      columns.add(AGE);
    }
    return columns;
  }

  /** The table of these objects. */
  JsonNode table(List<Column> columns, Iterable<JsonNode> objects, JsonNode listMetadata) {
    var table = NODES.objectNode().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", listMetadata.isObject() ? listMetadata : NODES.objectNode());
    var definitions = table.putArray("columnDefinitions");
    for (var column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type().equals("date") ? "string" : column.type())
          .put("format", column.name().equals("Name") ? "name" : "")
          .put("description", "")
          .put("priority", 0);
    }
    var rows = table.putArray("rows");
    objects.forEach(object -> rows.add(row(columns, object)));
    return table;
  }

  private ObjectNode row(List<Column> columns, JsonNode object) {
    var row = NODES.objectNode();
    var cells = row.putArray("cells");
    for (var column : columns) {
      var value = at(object, column.path());
      if (value.isMissingNode() || value.isNull()) {
        cells.add("");
      } else if (column.type().equals("date")) {
        cells.add(age(value.asText()));
      } else {
        cells.add(value);
      }
    }
    var partial =
        row.putObject("object")
            .put("kind", "PartialObjectMetadata")
            .put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return row;
  }

  static JsonNode at(JsonNode object, String path) {
    Matcher step = STEP.matcher(path);
    var node = object;
    while (step.find()) {
      node =
          step.group(1) != null
              ? node.path(step.group(1))
              : first(node, step.group(2), step.group(3));
    }
    return node;
  }

  private static JsonNode first(JsonNode list, String field, String value) {
    for (var item : list) {
      if (item.path(field).asText().equals(value)) {
        return item;
      }
    }
    return NODES.objectNode().path("none");
  }

  private String age(String timestamp) {
    try {
      var age = Duration.between(Instant.parse(timestamp), clock.instant());
      if (age.toMinutes() < 2) {
        return Math.max(0, age.toSeconds()) + "s";
      }
      if (age.toHours() < 3) {
        return age.toMinutes() + "m";
      }
      return age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
    } catch (DateTimeParseException notATime) {
      return timestamp;
    }
  }
}

package ai.proompteng.jangar.camel;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What the expressions of a route from {@code jangar:events} say of the event: Camel renders a
 * field that does not exist as nothing, and nobody would hear of it. Looked at as far as the body
 * is the event for certain. Pure.
 */
final class EventFields {
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "type",
          "time",
          "namespace",
          "kind",
          "name",
          "uid",
          "phase",
          "reason",
          "why",
          "source",
          "labels",
          "labelSince",
          "contentHash",
          "version",
          "artifacts",
          "traceId");
  private static final Set<String> OF_SOURCE =
      Set.of("name", "provider", "id", "externalId", "url");

  /** Steps after which the body is what it was. */
  private static final Set<String> KEEP_THE_BODY =
      Set.of(
          "setVariable",
          "setHeader",
          "setProperty",
          "filter",
          "choice",
          "idempotentConsumer",
          "log",
          "validate",
          "delay",
          "throttle");

  private static final String IN_MARKDOWN = "eventInMarkdown";
  private static final Pattern FIELD =
      Pattern.compile("body\\[['\"]?([A-Za-z0-9_-]+)['\"]?](?:\\[['\"]?([A-Za-z0-9_-]+)['\"]?])?");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.([A-Za-z0-9_-]+)");

  /** A name that nothing has. */
  record Unknown(int line, String name) {}

  private final Set<String> variables = new HashSet<>();

  private EventFields() {}

  /** The first of a file that is YAML. */
  static Optional<Unknown> firstUnknown(String yaml) {
    var settings = LoadSettings.builder().build();
    return new Compose(settings)
        .composeString(yaml).filter(SequenceNode.class::isInstance).stream()
            .flatMap(root -> ((SequenceNode) root).getValue().stream())
            .flatMap(entry -> child(entry, "route").or(() -> Optional.of(entry)).stream())
            .flatMap(route -> child(route, "from").stream())
            .filter(
                from ->
                    child(from, "uri")
                        .map(EventFields::text)
                        .orElse("")
                        .startsWith("jangar:events"))
            .flatMap(from -> child(from, "steps").stream())
            .flatMap(steps -> new EventFields().of(steps).stream())
            .findFirst();
  }

  private Optional<Unknown> of(Node steps) {
    collectVariables(steps);
    return inSteps(steps).unknown();
  }

  /**
   * @param known the body is still the event afterwards
   */
  private record Seen(Optional<Unknown> unknown, boolean known) {}

  private Seen inSteps(Node steps) {
    if (steps instanceof SequenceNode sequence) {
      for (var step : sequence.getValue()) {
        var seen = inStep(step);
        if (seen.unknown().isPresent() || !seen.known()) {
          return seen;
        }
      }
    }
    return new Seen(Optional.empty(), true);
  }

  private Seen inStep(Node step) {
    if (!(step instanceof MappingNode mapping) || mapping.getValue().isEmpty()) {
      return new Seen(Optional.empty(), true);
    }
    var only = mapping.getValue().get(0);
    var kind = text(only.getKeyNode());
    var inMarkdown =
        kind.equals("process")
            && child(only.getValueNode(), "ref")
                .map(EventFields::text)
                .orElse("")
                .equals(IN_MARKDOWN);
    if (!inMarkdown && !KEEP_THE_BODY.contains(kind)) {
      return new Seen(Optional.empty(), false);
    }
    return inside(only.getValueNode());
  }

  /** Expressions first, then the steps below, each branch on its own. */
  private Seen inside(Node node) {
    if (node instanceof ScalarNode scalar) {
      return new Seen(unknown(scalar), true);
    }
    var known = true;
    for (var part : parts(node)) {
      var seen = part.steps() ? inSteps(part.node()) : inside(part.node());
      if (seen.unknown().isPresent()) {
        return seen;
      }
      known &= seen.known();
    }
    return new Seen(Optional.empty(), known);
  }

  private record Part(Node node, boolean steps) {}

  private static List<Part> parts(Node node) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue().stream()
          .filter(entry -> !text(entry.getKeyNode()).equals("constant"))
          .map(entry -> new Part(entry.getValueNode(), text(entry.getKeyNode()).equals("steps")))
          .toList();
    }
    return node instanceof SequenceNode sequence
        ? sequence.getValue().stream().map(each -> new Part(each, false)).toList()
        : List.of();
  }

  private Optional<Unknown> unknown(ScalarNode scalar) {
    var text = scalar.getValue();
    var field =
        FIELD
            .matcher(text)
            .results()
            .filter(
                found ->
                    !FIELDS.contains(found.group(1))
                        || found.group(1).equals("source")
                            && found.group(2) != null
                            && !OF_SOURCE.contains(found.group(2)))
            .map(found -> new Unknown(line(scalar, found.start()), found.group()))
            .findFirst();
    return field.or(
        () ->
            VARIABLE
                .matcher(text)
                .results()
                .filter(found -> !variables.contains(found.group(1)))
                .map(
                    found -> new Unknown(line(scalar, found.start()), "variable." + found.group(1)))
                .findFirst());
  }

  private void collectVariables(Node node) {
    if (node instanceof MappingNode mapping) {
      child(node, "setVariable")
          .flatMap(step -> child(step, "name"))
          .ifPresent(name -> variables.add(text(name)));
      child(node, "ref")
          .filter(ref -> text(ref).equals(IN_MARKDOWN))
          .ifPresent(ref -> variables.addAll(List.of("why", "reason", "links")));
      mapping.getValue().forEach(entry -> collectVariables(entry.getValueNode()));
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(this::collectVariables);
    }
  }

  private static int line(ScalarNode scalar, int at) {
    int first = scalar.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    boolean block = scalar.getScalarStyle() == ScalarStyle.LITERAL;
    int down = (int) scalar.getValue().substring(0, at).chars().filter(c -> c == '\n').count();
    return block ? first + 1 + down : first;
  }

  private static Optional<Node> child(Node node, String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(entry -> text(entry.getKeyNode()).equals(key))
            .map(entry -> entry.getValueNode())
            .findFirst()
        : Optional.empty();
  }

  private static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }
}

package ai.proompteng.jangar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/** The chart, rendered without a cluster, as the release {@code agents} in its namespace. */
public final class Chart {
  /** Its folder. */
  public static final Path FOLDER = Path.of("helm/jangar");

  /** The least that has to be set. */
  public static final String DATABASE = "database: {secretRef: {name: jangar-db}}\n";

  private static final String KUBERNETES = "1.33.0";

  /**
   * What was rendered.
   *
   * @param objects in the order in which they came
   */
  public record Rendered(List<JsonNode> objects) {
    /** The objects of a kind. */
    public List<JsonNode> all(String kind) {
      return objects.stream().filter(it -> it.path("kind").asText().equals(kind)).toList();
    }

    /** The one object of that kind and name. */
    public JsonNode the(String kind, String name) {
      return all(kind).stream()
          .filter(it -> it.at("/metadata/name").asText().equals(name))
          .reduce(
              (one, other) -> {
                throw new AssertionError("two of " + kind + " " + name);
              })
          .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    /** The container of that Deployment. */
    public JsonNode container(String deployment) {
      return the("Deployment", deployment).at("/spec/template/spec/containers/0");
    }

    /** Its environment, name to the value or to where the value comes from. */
    public TreeMap<String, String> environment(String deployment) {
      var environment = new TreeMap<String, String>();
      for (var each : container(deployment).path("env")) {
        var value =
            each.has("value") ? each.get("value").asText() : each.get("valueFrom").toString();
        if (environment.put(each.get("name").asText(), value) != null) {
          throw new AssertionError(each.get("name") + " stands twice in " + deployment);
        }
      }
      return environment;
    }
  }

  private static final Map<String, Rendered> RENDERED = new ConcurrentHashMap<>();
  private static Path copy;

  private Chart() {}

  /**
   * Renders it.
   *
   * @param values YAML, laid over the chart's own
   * @throws IllegalStateException with Helm's message, when it is refused
   */
  public static Rendered render(String values) {
    return render("agents", values);
  }

  /** The same under another name of the release. */
  public static Rendered render(String release, String values) {
    return RENDERED.computeIfAbsent(release + ":" + values, any -> rendered(release, values));
  }

  private static Rendered rendered(String release, String values) {
    var yaml = text(release, values);
    try (var documents = Serialization.yamlMapper().readerFor(JsonNode.class).readValues(yaml)) {
      Iterable<Object> each = () -> documents;
      return new Rendered(
          StreamSupport.stream(each.spliterator(), false)
              .map(JsonNode.class::cast)
              .filter(JsonNode::isObject)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(yaml, e);
    }
  }

  /** The YAML itself. */
  public static String text(String release, String values) {
    try {
      var file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        return new Helm(copy())
            .template()
            .withName(release)
            .withNamespace("agents")
            .withKubeVersion(KUBERNETES)
            .skipCrds()
            .withValuesFile(file)
            .call();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the definitions, which no test renders. */
  private static synchronized Path copy() throws IOException {
    if (copy == null) {
      var made = Files.createTempDirectory("chart").resolve("jangar");
      try (var files = Files.walk(FOLDER)) {
        for (var file : files.filter(each -> !each.endsWith("crds")).toList()) {
          var target = made.resolve(FOLDER.relativize(file));
          Files.createDirectories(target.getParent());
          if (!Files.isDirectory(file)) {
            Files.copy(file, target);
          }
        }
      }
      copy = made;
    }
    return copy;
  }
}

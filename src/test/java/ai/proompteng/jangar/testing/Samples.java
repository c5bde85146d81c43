package ai.proompteng.jangar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests under {@code src/test/resources/samples}. */
public final class Samples {
  private static final Path FOLDER = Path.of("src/test/resources/samples");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Samples() {}

  /** All of them. */
  public static List<JsonNode> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      var samples = new ArrayList<JsonNode>();
      for (var file : files.sorted().toList()) {
        samples.addAll(documents(Files.readString(file)));
      }
      return samples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents of a YAML text, anchors resolved. */
  public static List<JsonNode> documents(String yaml) {
    var documents = new ArrayList<JsonNode>();
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (document != null) {
        documents.add(JSON.valueToTree(document));
      }
    }
    return documents;
  }
}

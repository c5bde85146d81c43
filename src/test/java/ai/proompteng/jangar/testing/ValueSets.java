package ai.proompteng.jangar.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Values of the chart that installations may have, from {@code chart/value-sets.yaml}. */
public final class ValueSets {
  private static final Path FILE = Path.of("src/test/resources/chart/value-sets.yaml");

  /**
   * One of them.
   *
   * @param about what such an installation is after
   */
  public record ValueSet(String about, String values) {
    @Override
    public String toString() {
      return about;
    }
  }

  private ValueSets() {}

  /** All of them. */
  public static List<ValueSet> all() {
    try {
      var sets = new ArrayList<ValueSet>();
      for (var each : Serialization.yamlMapper().readTree(FILE.toFile()).properties()) {
        var values = (ObjectNode) each.getValue();
        if (!values.has("database") && !values.has("envFromSecretRefs")) {
          values.putObject("database").putObject("secretRef").put("name", "jangar-db");
        }
        sets.add(new ValueSet(each.getKey(), values.toString()));
      }
      return sets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

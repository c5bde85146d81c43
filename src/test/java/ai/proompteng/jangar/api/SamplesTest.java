package ai.proompteng.jangar.api;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Crds;
import ai.proompteng.jangar.testing.Samples;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples fit the definitions, and together they hold every field. */
class SamplesTest {
  // a run may set neither: rule (c) of its spec
  private static final Set<String> NEVER_ADMITTED =
      Set.of(
          ".spec.systemPrompt",
          ".spec.systemPromptRef",
          ".spec.systemPromptRef.kind",
          ".spec.systemPromptRef.name",
          ".spec.systemPromptRef.key");

  @Test
  void every_sample_fits_its_definition() {
    assertThat(Samples.all())
        .allSatisfy(
            sample ->
                assertThat(Crds.misfits("", Crds.schema(sample.path("kind").asText()), sample))
                    .isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AgentRun",
        "Agent",
        "AgentProvider",
        "ImplementationSpec",
        "ImplementationSource"
      })
  void together_they_hold_every_field(String kind) {
    var unheld = new TreeSet<String>();
    fields("", Crds.schema(kind), unheld);
    unheld.removeIf(field -> field.equals(".metadata"));
    if (kind.equals("AgentRun")) {
      unheld.removeAll(NEVER_ADMITTED);
    }
    Samples.all().stream()
        .filter(sample -> sample.path("kind").asText().equals(kind))
        .forEach(sample -> strike("", sample, unheld));
    assertThat(unheld).isEmpty();
  }

  private static void fields(String path, JsonNode schema, Set<String> into) {
    if (schema.has("items")) {
      fields(path, schema.get("items"), into);
    }
    for (var property : schema.path("properties").properties()) {
      into.add(path + "." + property.getKey());
      fields(path + "." + property.getKey(), property.getValue(), into);
    }
  }

  private static void strike(String path, JsonNode value, Set<String> unheld) {
    if (value.isArray()) {
      value.forEach(item -> strike(path, item, unheld));
    }
    for (var field : value.properties()) {
      unheld.remove(path + "." + field.getKey());
      strike(path + "." + field.getKey(), field.getValue(), unheld);
    }
  }
}

package ai.proompteng.jangar.api;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.Crds;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaGapsTest {
  static List<Kind<?, ?>> kinds() {
    return Kind.ALL;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void our_own_definitions_have_no_gap(Kind<?, ?> kind) {
    assertThat(SchemaGaps.of(kind, Crds.schema(kind.kind()))).isEmpty();
  }

  @Test
  void a_field_that_an_older_definition_lacks_is_named_by_its_path() {
    var schema = Crds.schema("AgentRun").deepCopy();
    remove((ObjectNode) schema.at("/properties/status/properties"), "artifacts");
    remove(
        (ObjectNode) schema.at("/properties/status/properties/conditions/items/properties"),
        "reason");
    remove((ObjectNode) schema.at("/properties/spec/properties"), "parameters");
    assertThat(SchemaGaps.of(Kind.AGENT_RUN, schema))
        .containsExactlyInAnyOrder(
            "spec.parameters", "status.artifacts", "status.conditions[].reason");
  }

  private static void remove(ObjectNode fields, String name) {
    assertThat(fields.remove(name)).as(name).isNotNull();
  }
}

package ai.proompteng.jangar.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  private static final Map<String, Object> CONTEXT = context();

  @ParameterizedTest
  @CsvSource({
    "'{{name}}', tower",
    "'<{{ a.b.c }}>', '<deep>'",
    "'{{a.b.no}}|', '|'",
    "'{{nothing}}|', '|'",
    "'{{list.0}}|', '|'",
    "'{{number}} {{yes}}', '5 true'",
    "'{{a.b}}', '{\"c\":\"deep\"}'",
    "'{{list}}', '[1]'",
    "'{{sneaky}}', '{{name}}'",
    "'${name}', '${name}'",
    "'{{ a b }}', '{{ a b }}'",
    "'{{}} { {name} }', '{{}} { {name} }'",
    "'{{dollar}}', '$1 \\'"
  })
  void a_path_is_replaced_and_nothing_else(String template, String rendered) {
    assertThat(Template.render(template, CONTEXT)).isEqualTo(rendered);
  }

  @ParameterizedTest
  @CsvSource({
    "'{{name}} ${name} ${a.b.c}', 'tower tower deep'",
    "'{{unknown}} ${unknown}', '{{unknown}} ${unknown}'",
    "'${sneaky}', '{{name}}'"
  })
  void a_task_keeps_what_does_not_resolve(String template, String rendered) {
    assertThat(Template.renderKnown(template, CONTEXT)).isEqualTo(rendered);
  }

  @Test
  void a_long_text_of_braces_takes_no_time() {
    var text = "{{".repeat(100_000);
    assertThat(Template.render(text, CONTEXT)).isEqualTo(text);
  }

  private static Map<String, Object> context() {
    var context = new HashMap<String, Object>();
    context.put("name", "tower");
    context.put("a", Map.of("b", Map.of("c", "deep")));
    context.put("nothing", null);
    context.put("list", List.of(1));
    context.put("number", 5);
    context.put("yes", true);
    context.put("sneaky", "{{name}}");
    context.put("dollar", "$1 \\");
    return context;
  }
}

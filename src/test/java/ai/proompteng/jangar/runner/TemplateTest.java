package ai.proompteng.jangar.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private final ObjectMapper json = new ObjectMapper();

  @Test
  void a_path_through_objects_is_filled() throws Exception {
    assertThat(
            render(
                "{{run.issue.title}} of {{ inputs.repo }}",
                "{'run':{'issue':{'title':'Fix'}},'inputs':{'repo':'a/b'}}"))
        .isEqualTo("Fix of a/b");
  }

  @Test
  void what_is_put_in_is_never_looked_at_again() throws Exception {
    assertThat(render("{{inputs.a}}", "{'inputs':{'a':'{{inputs.b}} $1 \\\\','b':'no'}}"))
        .isEqualTo("{{inputs.b}} $1 \\");
  }

  @Test
  void missing_and_null_are_empty_and_lists_are_not_walked() throws Exception {
    assertThat(render("<{{a.b}}{{n}}{{l.0}}>", "{'n':null,'l':['x']}")).isEqualTo("<>");
  }

  @Test
  void everything_but_text_is_json() throws Exception {
    assertThat(render("{{o}} {{n}} {{b}}", "{'o':{'k':[1,'x']},'n':7,'b':true}"))
        .isEqualTo("{\"k\":[1,\"x\"]} 7 true");
  }

  @Test
  void what_is_no_place_stays() throws Exception {
    assertThat(render("{{}} {{ a b }} {a} ${a}", "{'a':'x'}")).isEqualTo("{{}} {{ a b }} {a} ${a}");
  }

  private String render(String text, String context) throws Exception {
    return new Template(json.readTree(context.replace('\'', '"'))).render(text);
  }
}

package ai.proompteng.jangar.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecSourceTest {
  @TempDir Path folder;

  @Test
  void an_argument_wins_over_the_environment() throws IOException {
    var named = file("named.json", "{'provider':'argument'}");
    var found = find(List.of(named), Map.of("AGENT_SPEC", "{\"provider\":\"env\"}"));

    assertThat(found.document().path("provider").asText()).isEqualTo("argument");
    assertThat(found.workspace()).isEqualTo(folder);
    assertThat(find(List.of("--spec", named), Map.of()).document()).isEqualTo(found.document());
  }

  @Test
  void a_variable_may_be_named() {
    var found = find(List.of("--spec-env", "MINE"), Map.of("MINE", "{\"provider\":\"mine\"}"));

    assertThat(found.document().path("provider").asText()).isEqualTo("mine");
  }

  @Test
  void paths_come_before_texts() throws IOException {
    var env =
        Map.of("AGENT_SPEC_PATH", file("p.json", "{'provider':'path'}"), "AGENT_RUNNER_SPEC", "{}");

    assertThat(find(List.of(), env).document().path("provider").asText()).isEqualTo("path");
  }

  @Test
  void a_spec_is_built_from_the_run_and_the_providers_file() throws IOException {
    var run = file("run.json", "{'parameters':{'a':'1'}}");
    file(
        "own.json", "{'binary':'/bin/true','argsTemplate':['x'],'outputArtifacts':[{'name':'d'}]}");

    var spec =
        RunnerSpec.of(
            find(List.of(), Map.of("AGENT_RUN_SPEC", run, "AGENT_PROVIDER", "own")).document(),
            folder);

    assertThat(spec.exec().binary()).isEqualTo("/bin/true");
    assertThat(spec.exec().args()).containsExactly("x");
    assertThat(spec.eventFile()).hasToString(run);
    assertThat(spec.root().path("inputs").path("a").asText()).isEqualTo("1");
    assertThat(spec.declared()).hasSize(1);
  }

  @Test
  void a_provider_is_a_name_and_no_path() {
    assertThatThrownBy(
            () -> find(List.of(), Map.of("AGENT_RUN_SPEC", "/x", "AGENT_PROVIDER", "../x")))
        .isInstanceOf(InvalidSpec.class);
  }

  @Test
  void no_spec_and_a_broken_one_are_refused() throws IOException {
    var broken = file("broken.json", "{");

    assertThatThrownBy(() -> find(List.of(), Map.of())).isInstanceOf(InvalidSpec.class);
    assertThatThrownBy(() -> find(List.of(broken), Map.of())).isInstanceOf(InvalidSpec.class);
    assertThatThrownBy(() -> find(List.of("--spec"), Map.of())).isInstanceOf(InvalidSpec.class);
  }

  private SpecSource.Found find(List<String> args, Map<String, String> env) {
    return new SpecSource(new ObjectMapper(), folder).find(args, env);
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content.replace('\'', '"')).toString();
  }
}

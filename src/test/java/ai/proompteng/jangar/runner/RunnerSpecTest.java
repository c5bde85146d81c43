package ai.proompteng.jangar.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a runner spec must be (agentrun.md 8.1). */
class RunnerSpecTest {
  private static final Path WORKSPACE = Path.of("/w");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]| InvalidSpec| object",
        "{}| InvalidSpec| provider",
        "{'provider':'p','schemaVersion':'v2'}| InvalidSpec| schemaVersion",
        "{'provider':'p'}| InvalidSpec| adapter.type",
        "{'provider':'p','adapter':{'type':'shell'}}| InvalidSpec| adapter.type",
        "{'provider':'p','adapter':{'type':'exec'}}| InvalidSpec| binary",
        "{'provider':'codex'}| NotSupportedYet| codex-app-server",
        "{'provider':'codex-runner'}| NotSupportedYet| codex-app-server",
        "{'provider':'p','adapter':{'type':'exec'},'loop':{}}| NotSupportedYet| loop",
        "{'provider':'p','adapter':{'type':'exec','exec':{'binary':'b','outputArtifacts':[{'name':'a','key':'k'}]}}}| NotSupportedYet| outputArtifacts.key"
      })
  void what_is_no_spec_is_refused_by_what_it_lacks(String json, String reason, String named) {
    assertThatThrownBy(() -> spec(json))
        .isInstanceOfSatisfying(
            InvalidSpec.class, refused -> assertThat(refused.reason()).isEqualTo(reason))
        .hasMessageContaining(named);
  }

  @Test
  void the_least_spec_has_its_files_beside_it() throws IOException {
    var spec = spec("{'provider':'p','adapter':{'type':'exec','exec':{'binary':'b'}}}");
    assertThat(spec.statusPath()).isEqualTo(WORKSPACE.resolve(".agent/status.json"));
    assertThat(spec.logPath()).isEqualTo(WORKSPACE.resolve(".agent/runner.log"));
    assertThat(spec.logRetentionSeconds()).isEqualTo(604_800);
  }

  private static RunnerSpec spec(String json) throws IOException {
    return RunnerSpec.of(new ObjectMapper().readTree(json.replace('\'', '"')), WORKSPACE);
  }
}

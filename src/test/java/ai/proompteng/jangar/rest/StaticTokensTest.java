package ai.proompteng.jangar.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticTokensTest {
  // printf %s one | sha256sum
  private static final String ONE =
      "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
  private static final Supplier<Refused> MISSING = () -> new Refused(404, "not_found", "nothing");

  @Test
  void a_token_is_known_by_its_hash_and_has_its_namespaces() {
    var tokens =
        StaticTokens.of(
            List.of("# who may call", "", "  sha256:" + ONE + "  ci:deploy agents,docs write "));
    var caller = tokens.caller("Bearer one").orElseThrow();
    assertThat(caller.principal()).isEqualTo("ci:deploy");
    assertThat(caller.writes()).isTrue();
    assertThat(caller.narrow(null, MISSING)).isEqualTo(Set.of("agents", "docs"));
    assertThat(caller.narrow("docs", MISSING)).isEqualTo(Set.of("docs"));
    assertThatThrownBy(() -> caller.narrow("others", MISSING)).isInstanceOf(Refused.class);
    assertThat(tokens.caller("bearer   one")).isPresent();
  }

  @Test
  void a_star_is_every_namespace() {
    var caller =
        StaticTokens.of(List.of("sha256:" + ONE + " ops * read"))
            .caller("Bearer one")
            .orElseThrow();
    assertThat(caller.narrow(null, MISSING)).isEmpty();
    assertThat(caller.enter("any", MISSING)).isEqualTo("any");
    assertThat(caller.writes()).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "one",
        "Bearer",
        "Bearer ",
        "Bearer two",
        "Basic one",
        "Bearer one two",
        "Bearer " + ONE
      })
  void anything_else_is_nobody(String authorization) {
    var tokens = StaticTokens.of(List.of("sha256:" + ONE + " ops * read"));
    assertThat(tokens.caller(authorization)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one ops agents read | must begin with sha256: and 64 hex digits",
        "sha256:ONE ops agents | must be: sha256:<hex> <principal> <namespace,...> <read or write>",
        "sha256:ONE ops agents admin | must end with read or write",
        "sha256:ONE ops Agents read | has a namespace that is no DNS label; * alone is all",
        "sha256:ONE ops agents,* read | has a namespace that is no DNS label; * alone is all",
        "sha256:ONE ops agents,,docs read | has a namespace that is no DNS label; * alone is all",
        "sha256:ONE <ops> agents read | has no proper principal"
      })
  void a_bad_line_is_named_and_not_repeated(String line, String why) {
    assertThatThrownBy(() -> StaticTokens.of(List.of("", line.replace("ONE", ONE))))
        .hasMessage("line 2 " + why);
  }

  @Test
  void the_same_token_twice_and_no_token_at_all_are_faults() {
    var line = "sha256:" + ONE + " ops agents read";
    assertThatThrownBy(() -> StaticTokens.of(List.of(line, line)))
        .hasMessage("line 2 has a token that an earlier line has");
    assertThatThrownBy(() -> StaticTokens.of(List.of("# none")))
        .hasMessage("it must have 1 to 1000 tokens");
  }

  @Test
  void a_file_that_is_too_large_is_not_read(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("tokens"), "#".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> StaticTokens.read(file)).hasMessageContaining("larger than");
    assertThatThrownBy(() -> StaticTokens.read(folder)).hasMessage("it cannot be read");
  }
}

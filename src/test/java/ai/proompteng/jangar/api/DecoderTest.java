package ai.proompteng.jangar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.proompteng.jangar.core.Key;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {

  @Test
  void a_word_that_a_newer_definition_knows_is_kept() {
    var run = Decoder.decode(Kind.AGENT_RUN, run("spec: {runtime: {type: lambda}}"));
    assertThat(run.spec().runtime().type()).isEqualTo("lambda");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05Z,2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.678901234Z,2026-01-02T03:04:05.678901234Z",
    "2026-01-02T03:04:05.5+02:00,2026-01-02T01:04:05.500Z",
    "yesterday,"
  })
  void a_time_is_read_with_or_without_a_fraction(String text, Instant expected) {
    var run = Decoder.decode(Kind.AGENT_RUN, run("status: {startedAt: '" + text + "'}"));
    assertThat(run.status().startedAt()).isEqualTo(expected);
  }

  @Test
  void a_field_that_nobody_knows_is_passed_over() {
    var run = Decoder.decode(Kind.AGENT_RUN, run("spec: {agentRef: {name: a, uid: b}, new: [1]}"));
    assertThat(run.spec().agentRef()).isEqualTo(new Ref("a"));
  }

  @Test
  void what_is_absent_is_null_and_a_status_has_conditions() {
    var run = Decoder.decode(Kind.AGENT_RUN, run("kind: AgentRun"));
    assertThat(run.spec().agentRef()).isNull();
    assertThat(run.status().conditions()).isEmpty();
    assertThat(run.metadata().labels()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec: a word",
        "spec: [a list]",
        "spec: {agentRef: a-name}",
        "spec: {secrets: {a: b}}",
        "spec: {ttlSecondsAfterFinished: soon}",
        "spec: {ttlSecondsAfterFinished: 3000000000}",
        "status: {conditions: none}"
      })
  void another_shape_is_told_apart(String part) {
    assertThatThrownBy(() -> Decoder.decode(Kind.AGENT_RUN, run(part)))
        .isInstanceOf(Decoder.Undecodable.class)
        .hasMessageStartingWith("AgentRun: ");
  }

  @Test
  void an_object_that_does_not_decode_still_says_where_it_stands() {
    var attempt = Decoder.attempt(Kind.AGENT_RUN, run("spec: {agentRef: a-name}"));
    assertThat(attempt.resource().key()).isEqualTo(new Key("agents", "x"));
    assertThat(attempt.resource().spec().agentRef()).isNull();
    assertThat(attempt.trouble()).get().asString().startsWith("AgentRun: ");
  }

  @Test
  void an_object_that_does_not_decode_keeps_the_status_that_does() {
    var attempt =
        Decoder.attempt(Kind.AGENT_RUN, run("spec: {agentRef: a-name}\nstatus: {phase: Running}"));
    assertThat(attempt.resource().status().phase()).isEqualTo("Running");
  }

  @Test
  void an_object_that_decodes_has_no_trouble() {
    var attempt = Decoder.attempt(Kind.AGENT_RUN, run("spec: {agentRef: {name: a}}"));
    assertThat(attempt.trouble()).isEmpty();
    assertThat(attempt.resource().spec().agentRef()).isEqualTo(new Ref("a"));
  }

  private static GenericKubernetesResource run(String part) {
    return Serialization.unmarshal(
        """
        apiVersion: agents.proompteng.ai/v1alpha1
        metadata: {name: x, namespace: agents}
        """
            + part,
        GenericKubernetesResource.class);
  }
}

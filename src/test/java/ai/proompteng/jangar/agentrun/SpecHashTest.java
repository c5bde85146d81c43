package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.Decoder;
import org.junit.jupiter.api.Test;

class SpecHashTest {
  private static final String VECTOR =
      """
      {"agentRef": {"name": "a"}, "implementationSpecRef": {"name": "i"},
       "runtime": {"type": "job", "config": {"b": 1, "a": 2}}, "secrets": ["z", "y"]%s}""";

  @Test
  void the_hash_is_the_one_of_the_specification() throws Exception {
    assertThat(SpecHash.of(spec("")))
        .isEqualTo("v1:1bd9d6c585345ffb97db44aabd3267760f4c3639426a332ad2234e269fe7cf96");
  }

  @Test
  void the_time_a_run_is_kept_may_change_and_nothing_else() throws Exception {
    var hash = SpecHash.of(spec(""));
    assertThat(SpecHash.differs(hash, spec(", \"ttlSecondsAfterFinished\": 5"))).isFalse();
    assertThat(SpecHash.differs(hash, spec(", \"parameters\": {\"a\": \"b\"}"))).isTrue();
  }

  @Test
  void a_hash_by_another_formula_says_nothing() throws Exception {
    assertThat(SpecHash.differs("v2:abc", spec(""))).isFalse();
    assertThat(SpecHash.differs(null, spec(""))).isFalse();
  }

  private static AgentRunSpec spec(String more) throws Exception {
    return Decoder.mapper().readValue(VECTOR.formatted(more), AgentRunSpec.class);
  }
}

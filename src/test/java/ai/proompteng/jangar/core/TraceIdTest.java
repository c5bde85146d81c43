package ai.proompteng.jangar.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdTest {
  private static final String ID = "0af7651916cd43dd8448eb211c80319c";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + ID + "-b7ad6b7169203331-01",
        "00-" + ID + "-b7ad6b7169203331-00",
        "cc-" + ID + "-b7ad6b7169203331-01-what-comes-later"
      })
  void a_valid_header_names_the_trace(String header) {
    assertThat(TraceId.ofTraceparent(header)).contains(ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        ID,
        "ff-" + ID + "-b7ad6b7169203331-01",
        "00-" + ID + "-b7ad6b7169203331-01-more",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-" + ID + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-" + ID + "-b7ad6b7169203331-01\nlevel=ERROR",
        "00-" + ID + " -b7ad6b7169203331-01"
      })
  void a_header_that_is_not_valid_names_none(String header) {
    assertThat(TraceId.ofTraceparent(header)).isEmpty();
  }

  @Test
  void no_header_names_none() {
    assertThat(TraceId.ofTraceparent(null)).isEmpty();
  }

  @Test
  void a_new_one_is_valid_and_another_each_time() {
    var one = TraceId.fresh();
    assertThat(TraceId.read(one)).contains(one);
    assertThat(TraceId.fresh()).isNotEqualTo(one);
  }

  @Test
  void that_of_a_uid_is_always_the_same() {
    assertThat(TraceId.of("6f2b")).isEqualTo(TraceId.of("6f2b")).isNotEqualTo(TraceId.of("6f2c"));
    assertThat(TraceId.read(TraceId.of("6f2b"))).isPresent();
  }

  @Test
  void what_is_handed_on_is_a_valid_header() {
    assertThat(TraceId.ofTraceparent(TraceId.traceparent(ID, "6f2b"))).contains(ID);
  }
}

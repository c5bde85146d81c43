package ai.proompteng.jangar.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure is follows from the status code alone. */
class ApiServerTest {

  @ParameterizedTest
  @CsvSource({
    "400, ai.proompteng.jangar.core.Rejected",
    "401, ai.proompteng.jangar.core.Unreachable",
    "403, ai.proompteng.jangar.kube.Forbidden",
    "404, ai.proompteng.jangar.core.Rejected",
    "408, ai.proompteng.jangar.core.Unreachable",
    "409, ai.proompteng.jangar.kube.Conflict",
    "422, ai.proompteng.jangar.core.Rejected",
    "429, ai.proompteng.jangar.core.Unreachable",
    "500, ai.proompteng.jangar.core.Unreachable",
    "503, ai.proompteng.jangar.core.Unreachable"
  })
  void a_code_is_a_kind_of_failure(int code, Class<?> failure) {
    var answer = new ApiServer.Answer(code, "{\"message\":\"409 not found, exceeded quota\"}");
    assertThat(answer.failure("create jobs a/b")).isExactlyInstanceOf(failure);
  }
}

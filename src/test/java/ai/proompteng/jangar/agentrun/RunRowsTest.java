package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.store.RunRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every run that is seen has its row, whoever made it and however far it comes. */
class RunRowsTest {
  private static final String BY_HAND =
      "agentRef: {name: sample}, runtime: {type: job}, implementation: {inline: {text: do it}}";

  private final RunBench bench = new RunBench();

  @AfterEach
  void stop() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|6f2b", ", idempotencyKey: k|k", ", deliveryId: d|d"})
  void a_run_goes_by_its_key_or_its_uid(String key, String deliveryId) throws Exception {
    bench.givenAll();
    bench.givenRun("labels: {}", BY_HAND + key);
    bench.ring();

    assertThat(row().deliveryId()).isEqualTo(deliveryId);
    assertThat(row().agentName()).isEqualTo("sample");
    assertThat(row().provider()).isEqualTo("job");
    assertThat(row().externalRunId()).isEqualTo("fix-7");
    assertThat(row().status()).isEqualTo("Running");
    assertThat(bench.journal.changes()).containsExactly("->Pending", "Pending->Running");
  }

  @Test
  void one_that_waits_has_its_row_and_its_audit_row() throws Exception {
    bench.givenRun("labels: {}", BY_HAND);
    bench.ring();

    assertThat(row().status()).isEqualTo("Pending");
    assertThat(bench.journal.changes()).containsExactly("->Pending");
  }

  @Test
  void one_that_may_not_start_has_its_row_and_its_audit_row() throws Exception {
    bench.givenAll();
    bench.givenRun("labels: {}", BY_HAND.replace("job", "temporal"));
    bench.ring();

    assertThat(row().status()).isEqualTo("Failed");
    assertThat(bench.journal.changes()).containsExactly("->Failed");
  }

  private RunRecord row() {
    return bench.journal.rows().get("6f2b");
  }
}

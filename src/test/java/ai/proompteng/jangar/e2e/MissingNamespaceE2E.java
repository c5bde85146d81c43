package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.TestCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One of the namespaces that a server watches is not there. */
@NeedsCluster
class MissingNamespaceE2E {
  private final TestCluster real;
  private final DurablePostgres database = DurablePostgres.create();

  MissingNamespaceE2E(TestCluster real) {
    this.real = real;
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void a_namespace_that_does_not_exist_is_named_and_holds_no_other_back() {
    var desk = new Desk(real, database);
    var server =
        desk.server()
            .with("JANGAR_AGENTS_CONTROLLER_NAMESPACES", real.namespace() + ",test-of-nowhere");
    try (server) {
      server.start().awaitReady();
      assertThat(server.log())
          .contains("This namespace does not exist, or Jangar has no right in it")
          .contains("test-of-nowhere");
      assertThat(deliver(server, "labeled", issue(2, 1, "jangar")).statusCode()).isEqualTo(200);
      desk.awaitPhases(2, "Succeeded");
    }
  }
}

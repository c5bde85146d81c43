package ai.proompteng.jangar.e2e;

import static ai.proompteng.jangar.e2e.Desk.deliver;
import static ai.proompteng.jangar.e2e.Desk.issue;
import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.testing.DurablePostgres;
import ai.proompteng.jangar.testing.NeedsCluster;
import ai.proompteng.jangar.testing.Rights.Account;
import ai.proompteng.jangar.testing.ServerProcess;
import ai.proompteng.jangar.testing.TestCluster;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The layout of two Deployments: one takes in, the other works, each under its own account. */
@NeedsCluster
class SplitE2E {
  private final TestCluster real;
  private final DurablePostgres database = DurablePostgres.create();

  SplitE2E(TestCluster real) {
    this.real = real;
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void what_the_control_plane_takes_in_the_controllers_do() throws Exception {
    var desk = new Desk(real, database);
    try (var controlPlane = server(Account.CONTROL_PLANE, "0").start().awaitReady();
        var controllers = server(Account.CONTROLLERS, "1").start().awaitReady()) {
      assertThat(deliver(controlPlane, "labeled", issue(1, 1, "jangar")).statusCode())
          .isEqualTo(200);
      desk.awaitPhases(1, "Succeeded");
      assertThat(desk.jobs(1)).hasSize(1);
      assertThat(controllers.alive()).isTrue();
      var leases = real.client().leases().inNamespace(real.namespace()).list().getItems();
      assertThat(leases).extracting(lease -> ((Lease) lease).getMetadata().getName()).hasSize(1);
    }
  }

  private ServerProcess server(Account account, String controller) {
    var kubeconfig = real.rights(account, real.namespace()).kubeconfig();
    return new ServerProcess(kubeconfig, database.url(), real.namespace())
        .with("JANGAR_AGENTS_CONTROLLER_ENABLED", controller);
  }
}

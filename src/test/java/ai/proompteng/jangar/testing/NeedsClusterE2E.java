package ai.proompteng.jangar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@NeedsCluster
class NeedsClusterE2E {

  @Test
  void a_test_class_has_a_namespace_of_its_own(TestCluster cluster) {
    assertThat(cluster.client().namespaces().withName(cluster.namespace()).get()).isNotNull();
  }
}

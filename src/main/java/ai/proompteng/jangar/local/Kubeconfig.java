package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The kubeconfig of the embedded API server. */
final class Kubeconfig {
  private Kubeconfig() {}

  /** As YAML, with the server's certificate and the start's token in it. */
  static String of(String url, String certificatePem, String token, String namespace) {
    var certificate =
        Base64.getEncoder().encodeToString(certificatePem.getBytes(StandardCharsets.UTF_8));
    return Serialization.asYaml(
        new ConfigBuilder()
            .addNewCluster()
            .withName("jangar-local")
            .withNewCluster()
            .withServer(url)
            .withCertificateAuthorityData(certificate)
            .endCluster()
            .endCluster()
            .addNewUser()
            .withName("jangar-local")
            .withNewUser()
            .withToken(token)
            .endUser()
            .endUser()
            .addNewContext()
            .withName("jangar-local")
            .withNewContext()
            .withCluster("jangar-local")
            .withUser("jangar-local")
            .withNamespace(namespace)
            .endContext()
            .endContext()
            .withCurrentContext("jangar-local")
            .build());
  }
}

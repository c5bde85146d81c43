package ai.proompteng.jangar.local;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The objects that local mode starts with ({@code local/sample.yaml}). */
final class Samples {
  private Samples() {}

  /**
   * Creates them.
   *
   * @param webhookSecret what GitHub's events are signed with
   */
  static void create(KubernetesClient client, String webhookSecret) {
    var manifests = Samples.class.getResourceAsStream("/local/sample.yaml");
    for (var object : client.load(manifests).items()) {
      if (object instanceof Secret secret) {
        secret.getStringData().put("webhookSecret", webhookSecret);
      }
      if (object instanceof GenericKubernetesResource ours
          && ours.getKind().equals("AgentProvider")) {
        ours.setAdditionalProperty("spec", withProgram(ours));
      }
      client.resource(object).create();
    }
  }

  private static Object withProgram(GenericKubernetesResource provider) {
    var spec = new LinkedHashMap<String, Object>(provider.<Map<String, Object>>get("spec"));
    spec.put(
        "inputFiles",
        List.of(
            Map.of(
                "path",
                provider.<String>get("spec", "inputFiles", 0, "path"),
                "content",
                program())));
    return spec;
  }

  /** The sample agent: one Java source file. */
  static String program() {
    try (var source = Samples.class.getResourceAsStream("/local/SampleAgent.java")) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}

package ai.proompteng.jangar.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.runtime.RunSpec;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.runtime.job.JobAdapter;
import ai.proompteng.jangar.runtime.job.JobManifests;
import ai.proompteng.jangar.testing.FakeCluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole objects: what is given in a folder of {@code golden/}, and what comes of it. */
class GoldenTest {
  private static final ObjectMapper YAML = Serialization.yamlMapper();
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({"plain, fix-7", "everything, big.run"})
  void a_run_becomes_these_objects(String folder, String run) throws IOException {
    var spec = submitted(folder, run);
    var configMap = readable(YAML.valueToTree(JobManifests.configMap(spec)));
    assertThat(YAML.writeValueAsString(configMap)).isEqualTo(text(folder, "configmap.yaml"));
    assertThat(YAML.writeValueAsString(JobManifests.job(spec))).isEqualTo(text(folder, "job.yaml"));
  }

  private static RunSpec submitted(String folder, String run) throws IOException {
    var cluster = new FakeCluster();
    for (var manifest : text(folder, "given.yaml").split("\n---\n")) {
      cluster.given(manifest);
    }
    var clock = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
    var loader =
        new RunLoader(cluster, new JobAdapter(cluster, clock, Duration.ofMinutes(15)), clock);
    var reconciler =
        new AgentRunReconciler(RunOptions.defaults(), RunnerDefaults.with("default/image:0"));
    var view = loader.load(new Key("agents", run)).orElseThrow();
    var step = reconciler.next(view);
    if (step instanceof RunStep.Accept) {
      step = reconciler.next(loader.accept(view));
    }
    assertThat(step).isInstanceOf(RunStep.Submit.class);
    return ((RunStep.Submit) step).spec();
  }

  /** The documents inside as trees, so that a difference can be read. */
  private static JsonNode readable(JsonNode configMap) throws IOException {
    var data = (ObjectNode) configMap.get("data");
    data.set("run.json", JSON.readTree(data.get("run.json").asText()));
    data.set("agent-runner.json", JSON.readTree(data.get("agent-runner.json").asText()));
    return configMap;
  }

  private static String text(String folder, String file) throws IOException {
    try (var in = GoldenTest.class.getResourceAsStream("/golden/" + folder + "/" + file)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}

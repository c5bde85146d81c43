package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run whose spec does not decode: still to be torn down, and to be told so. */
final class Unreadable {
  private Unreadable() {}

  /** The run without its spec. */
  static Resource<AgentRunSpec, AgentRunStatus> run(GenericKubernetesResource object) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("metadata", object.getMetadata());
    tree.put("spec", Map.of());
    tree.put("status", object.getAdditionalProperties().get("status"));
    return Decoder.decode(Kind.AGENT_RUN, tree);
  }
}

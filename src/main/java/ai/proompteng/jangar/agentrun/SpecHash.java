package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.core.Hashes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fingerprint of an accepted spec (agentrun.md 2.5). */
final class SpecHash {
  /** The formula's version: a hash by another one says nothing. */
  static final String VERSION = "v1:";

  private static final ObjectMapper NULLS_SAID = new ObjectMapper();

  private static final List<String> FIELDS =
      List.of(
          "agentRef",
          "implementationSpecRef",
          "implementation",
          "goal",
          "runtime",
          "workflow",
          "secrets",
          "systemPrompt",
          "systemPromptRef",
          "vcsRef",
          "memoryRef",
          "parameters",
          "workload",
          "vcsPolicy",
          "idempotencyKey",
          "deliveryId");

  private SpecHash() {}

  /** {@code v1:} and 64 hex digits. */
  static String of(AgentRunSpec spec) {
    var all = Decoder.mapper().convertValue(spec, new TypeReference<Map<String, Object>>() {});
    var hashed = new LinkedHashMap<String, Object>();
    FIELDS.forEach(field -> hashed.put(field, all.get(field)));
    if (spec.secrets() != null) {
      hashed.put("secrets", spec.secrets().stream().sorted().toList());
    }
    try {
      return VERSION + Hashes.sha256(NULLS_SAID.writeValueAsString(sorted(hashed)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("came out of JSON", e);
    }
  }

  /** True when the hash is of this formula and of another spec. */
  static boolean differs(String hash, AgentRunSpec spec) {
    return hash != null && hash.startsWith(VERSION) && !hash.equals(of(spec));
  }

  private static Object sorted(Object value) {
    if (value instanceof Map<?, ?> map) {
      var sorted = new TreeMap<String, Object>();
      map.forEach((key, inner) -> sorted.put((String) key, sorted(inner)));
      return sorted;
    }
    if (value instanceof Collection<?> list) {
      var all = new ArrayList<>();
      list.forEach(inner -> all.add(sorted(inner)));
      return all;
    }
    return value;
  }
}

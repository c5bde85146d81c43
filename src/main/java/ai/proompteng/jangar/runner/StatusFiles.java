package ai.proompteng.jangar.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The two status files: the full one for people, and a compact one at the termination path, of
 * which the kubelet keeps the last 4096 bytes only (agentrun.md 8.3).
 */
final class StatusFiles {
  static final int COMPACT_BYTES = 3800;
  static final int COMPACT_ERROR = 512;
  private static final int SMALLEST_ERROR = 64;

  private final ObjectMapper json;

  StatusFiles(ObjectMapper json) {
    this.json = json;
  }

  /** Writes both, in place: the kubelet has the compact one bind-mounted. */
  void write(String provider, Path statusPath, Path logPath, Outcome outcome) throws IOException {
    var full = full(provider, statusPath, logPath, outcome);
    if (statusPath.getParent() != null) {
      Files.createDirectories(statusPath.getParent());
    }
    Files.write(statusPath, compact(full));
    Files.write(
        statusPath.resolveSibling("status.full.json"),
        json.writerWithDefaultPrettyPrinter().writeValueAsBytes(full));
  }

  private ObjectNode full(String provider, Path statusPath, Path logPath, Outcome outcome) {
    var status = json.createObjectNode();
    put(status, "provider", provider);
    status.put("adapter", "exec");
    status.put("status", outcome.status());
    status.put("exitCode", outcome.exitCode());
    status.put("startedAt", outcome.startedAt().toString());
    status.put("finishedAt", outcome.finishedAt().toString());
    put(status, "signal", outcome.signal());
    put(status, "error", outcome.error());
    if (outcome.status().equals("failed")) {
      status.put("errorClass", "other");
    }
    put(status, "reason", outcome.reason());
    put(status, "binary", outcome.binary());
    if (!outcome.args().isEmpty()) {
      status.set("args", json.valueToTree(outcome.args()));
    }
    var artifacts = status.putObject("artifacts");
    artifacts.put("statusPath", statusPath.toString());
    put(artifacts, "logPath", logPath == null ? null : logPath.toString());
    artifacts.set("outputArtifacts", json.valueToTree(outcome.artifacts()));
    return status;
  }

  /** The same in at most {@link #COMPACT_BYTES}: what matters least goes first. */
  byte[] compact(ObjectNode full) throws IOException {
    var small = full.deepCopy();
    small.remove("args");
    shorten(small, COMPACT_ERROR);
    var outputs = (ArrayNode) small.path("artifacts").path("outputArtifacts");
    if (size(small) > COMPACT_BYTES) {
      small.remove("binary");
      outputs.forEach(entry -> ((ObjectNode) entry).retain(List.of("name", "url")));
    }
    if (size(small) > COMPACT_BYTES) {
      shorten(small, SMALLEST_ERROR);
    }
    while (size(small) > COMPACT_BYTES && !outputs.isEmpty()) {
      outputs.remove(0); // the oldest, as the controller would (agentrun.md 9)
    }
    if (size(small) > COMPACT_BYTES) {
      small.retain(List.of("adapter", "status", "exitCode", "startedAt", "finishedAt", "error"));
    }
    return bytes(small);
  }

  private static void shorten(ObjectNode status, int length) {
    JsonNode error = status.path("error");
    if (error.isTextual() && error.textValue().length() > length) {
      int end =
          Character.isHighSurrogate(error.textValue().charAt(length - 1)) ? length - 1 : length;
      status.put("error", error.textValue().substring(0, end));
    }
  }

  private int size(JsonNode node) throws IOException {
    return bytes(node).length;
  }

  private byte[] bytes(JsonNode node) throws IOException {
    return json.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ObjectNode object, String field, String value) {
    if (value != null) {
      object.put(field, value);
    }
  }
}

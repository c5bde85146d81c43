package ai.proompteng.jangar.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A state of an issue of {@code octo/hello}, and the deliveries that tell of it.
 *
 * @param updatedAt its version
 */
public record GitHubIssue(int number, String title, Instant updatedAt, List<String> labels) {
  /** The repository of all issues. */
  public static final String REPOSITORY = "octo/hello";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A delivery of this state with an id of its own, signed.
   *
   * @param action what happened, {@code labeled} say
   * @param server the server's address for that path
   */
  public HttpRequest.Builder delivery(String action, String secret, URI server) {
    var body = body(action);
    return HttpRequest.newBuilder(server)
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", "issues")
        .header("X-GitHub-Delivery", UUID.randomUUID().toString())
        .header("X-Hub-Signature-256", "sha256=" + hmac(secret, body))
        .POST(BodyPublishers.ofByteArray(body));
  }

  private byte[] body(String action) {
    var issue =
        Map.of(
            "id",
            number,
            "node_id",
            "I_" + number,
            "number",
            number,
            "title",
            title,
            "body",
            "Please: " + title,
            "state",
            "open",
            "labels",
            labels.stream().map(label -> Map.of("name", label)).toList(),
            "updated_at",
            updatedAt.toString(),
            "html_url",
            "https://github.com/" + REPOSITORY + "/issues/" + number);
    var repository = Map.of("full_name", REPOSITORY, "owner", Map.of("login", "octo"));
    try {
      return JSON.writeValueAsBytes(
          Map.of("action", action, "issue", issue, "repository", repository));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hmac(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

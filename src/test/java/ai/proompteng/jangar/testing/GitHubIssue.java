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
 * A state of an issue, and the deliveries that tell of it.
 *
 * @param updatedAt its version
 */
public record GitHubIssue(
    String repository,
    int number,
    String title,
    String text,
    Instant updatedAt,
    List<String> labels) {
  /** The repository of issues that say nothing else. */
  public static final String REPOSITORY = "octo/hello";

  private static final ObjectMapper JSON = new ObjectMapper();

  public GitHubIssue(int number, String title, Instant updatedAt, List<String> labels) {
    this(REPOSITORY, number, title, "Please: " + title, updatedAt, labels);
  }

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
            "I_" + repository + "#" + number,
            "number",
            number,
            "title",
            title,
            "body",
            text,
            "state",
            "open",
            "labels",
            labels.stream().map(label -> Map.of("name", label)).toList(),
            "updated_at",
            updatedAt.toString(),
            "html_url",
            "https://github.com/" + repository + "/issues/" + number);
    var owner = Map.of("login", repository.substring(0, repository.indexOf('/')));
    try {
      return JSON.writeValueAsBytes(
          Map.of(
              "action", action,
              "issue", issue,
              "repository", Map.of("full_name", repository, "owner", owner)));
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

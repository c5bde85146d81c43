package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.camel.jangar.JangarConstants;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.source.WebhookSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The hands of GitHub's intake route. */
public final class GitHubProcessors {
  private static final Pattern ONE_SOURCE = Pattern.compile("/webhooks/github/([^/]+)/([^/]+)/?$");
  private static final Pattern DELIVERY_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final String FORM = "application/x-www-form-urlencoded";

  private GitHubProcessors() {}

  /**
   * Raw body in, {@link SignedEvent} out, marked for {@code jangar:intake} with the sources whose
   * own secret signed it. Before it nothing parses the body.
   *
   * @param pathProperty the exchange property with the path that was asked for
   */
  public static Processor verifyGitHubSignature(GitHubWebhooks webhooks, String pathProperty) {
    return exchange -> {
      var message = exchange.getMessage();
      var raw = message.getBody(byte[].class);
      var body = raw == null ? new byte[0] : raw;
      var sources =
          webhooks.verify(
              message.getHeader("X-Hub-Signature-256", String.class),
              body,
              oneSource(exchange.getProperty(pathProperty, "", String.class)));
      exchange.setProperty(
          JangarConstants.VERIFIED, sources.stream().map(WebhookSource::verified).toList());
      message.setBody(
          new SignedEvent(
              message.getHeader("X-GitHub-Event", String.class),
              deliveryId(message.getHeader("X-GitHub-Delivery", String.class)),
              message.getHeader(Exchange.CONTENT_TYPE, "", String.class).startsWith(FORM),
              body,
              sources));
    };
  }

  private static Optional<Key> oneSource(String path) {
    var match = ONE_SOURCE.matcher(path);
    return match.find() ? Optional.of(new Key(match.group(1), match.group(2))) : Optional.empty();
  }

  private static String deliveryId(String header) {
    return header != null && DELIVERY_ID.matcher(header).matches() ? header : null;
  }
}

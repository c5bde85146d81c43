package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.kube.SecretReader;
import ai.proompteng.jangar.source.SourceSecrets;
import java.util.Map;
import java.util.Optional;

/** Where an event's issue is, and with whose token one may speak there: that of its source. */
final class FeedbackSources {
  private static final ResourceType SOURCES = ResourceType.of(Kind.IMPLEMENTATION_SOURCE);

  /**
   * An issue and what opens it.
   *
   * @param credential whose token it is, for the log
   */
  record Target(IssueAddress issue, String sourceId, String credential, String token) {
    @Override
    public String toString() {
      return "Target[" + issue + ", " + credential + "]";
    }
  }

  private final Cluster cluster;
  private final SecretReader secrets;

  FeedbackSources(Cluster cluster, SecretReader secrets) {
    this.cluster = cluster;
    this.secrets = secrets;
  }

  /**
   * That of an event of {@code jangar:events}.
   *
   * @throws Rejected when its work is not from GitHub, or its source has no token
   * @throws Unreachable when source or Secret cannot be learned now
   */
  Target of(Map<?, ?> event) {
    var source = event.get("source") instanceof Map<?, ?> map ? map : Map.of();
    var address =
        Optional.of(source)
            .filter(from -> "github".equals(from.get("provider")))
            .flatMap(from -> IssueAddress.of(text(from.get("externalId"))))
            .orElseThrow(() -> no(Reason.InvalidPayload, "the event is about no issue of GitHub"));
    var name = text(source.get("name"));
    var namespace = text(event.get("namespace"));
    if (name == null || namespace == null) {
      throw no(Reason.InvalidPayload, "the event names no ImplementationSource");
    }
    return new Target(
        address, text(source.get("id")), namespace + "/" + name, token(new Key(namespace, name)));
  }

  private String token(Key key) {
    if (!cluster.synced(SOURCES)) {
      throw new Unreachable("the sources have not been seen yet");
    }
    var source =
        cluster
            .cached(Kind.IMPLEMENTATION_SOURCE, key)
            .orElseThrow(
                () -> no(Reason.MissingSecretRef, "there is no ImplementationSource " + key));
    var secret =
        SourceSecrets.token(source.spec())
            .orElseThrow(() -> no(Reason.MissingSecretRef, key + " names no Secret with a token"));
    if (secrets.read(key.namespace(), secret.name(), secret.key())
        instanceof SecretReader.Lookup.Found found) {
      return found.value().strip();
    }
    throw no(
        Reason.SecretKeyMissing,
        key + ": there is no token at key " + secret.key() + " of Secret " + secret.name());
  }

  private static String text(Object value) {
    return value instanceof String text && !text.isBlank() ? text : null;
  }

  private static Rejected no(Reason reason, String message) {
    return new Rejected(reason, message);
  }
}

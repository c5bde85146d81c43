package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.source.SigningSecrets;
import ai.proompteng.jangar.source.WebhookSource;
import ai.proompteng.jangar.source.WebhookSources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the sources that a delivery comes for: those whose own secret signed it
 * (integrations-and-helm.md 3.2, 3.4). Every failure is answered alike, also when there is no
 * source at all.
 */
public final class GitHubWebhooks {
  private static final String PROVIDER = "github";
  private static final String NOBODYS_SECRET =
      "compared when there is no other, for the time it takes";
  private static final int RETRY_AFTER_SECONDS = 10;

  private final WebhookSources sources;
  private final SigningSecrets secrets;

  public GitHubWebhooks(WebhookSources sources, SigningSecrets secrets) {
    this.sources = sources;
    this.secrets = secrets;
  }

  /**
   * The sources that may receive this body; never empty.
   *
   * @param signature the header's value; null when missing
   * @param only the one source that the path names; empty for all
   * @throws Refused 401 when no secret verifies it, 503 before the sources were seen
   * @throws Unreachable when a secret could not be learned and no other verifies it
   */
  public List<WebhookSource> verify(String signature, byte[] body, Optional<Key> only) {
    var digest = GitHubSignature.digest(signature).orElseThrow(GitHubWebhooks::unauthorized);
    if (!sources.synced()) {
      throw new Refused(
          503, "not_ready", "the sources have not been seen yet", RETRY_AFTER_SECONDS);
    }
    var candidates =
        only.map(key -> sources.of(PROVIDER, key).stream().toList())
            .orElseGet(() -> sources.of(PROVIDER));
    var bySecret = new LinkedHashMap<String, List<WebhookSource>>();
    var unlearned = learn(candidates, bySecret);
    var verified = compare(bySecret, body, digest);
    if (!verified.isEmpty()) {
      return verified;
    }
    throw unlearned.<RuntimeException>map(away -> away).orElseGet(GitHubWebhooks::unauthorized);
  }

  /** Fills in who signs with what; returns why that of some source is not known. */
  private Optional<Unreachable> learn(
      List<WebhookSource> candidates, Map<String, List<WebhookSource>> bySecret) {
    var unlearned = Optional.<Unreachable>empty();
    for (var source : candidates) {
      try {
        for (var secret : secrets.of(source)) {
          bySecret.computeIfAbsent(secret, any -> new ArrayList<>()).add(source);
        }
      } catch (Unreachable away) {
        unlearned = Optional.of(away); // the others may still verify it
      }
    }
    return unlearned;
  }

  /** Compares with every secret, also behind one that matches: time must not tell which it was. */
  private static List<WebhookSource> compare(
      Map<String, List<WebhookSource>> bySecret, byte[] body, byte[] digest) {
    if (bySecret.isEmpty()) {
      GitHubSignature.verifies(NOBODYS_SECRET, body, digest);
    }
    var verified = new ArrayList<WebhookSource>();
    bySecret.forEach(
        (secret, owners) -> {
          if (GitHubSignature.verifies(secret, body, digest)) {
            verified.addAll(owners);
          }
        });
    return verified.stream().distinct().toList();
  }

  private static Refused unauthorized() {
    return new Refused(401, "invalid_signature", "the signature does not verify");
  }
}

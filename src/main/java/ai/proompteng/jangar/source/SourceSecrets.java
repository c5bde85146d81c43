package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.ImplementationSourceSpec;
import ai.proompteng.jangar.api.ImplementationSourceSpec.SecretKeyRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which keys of which Secrets a source speaks of (integrations-and-helm.md 1.4). */
public final class SourceSecrets {
  /** Key of the API token, unless the source names one. */
  public static final String TOKEN = "token";

  /** Key of the signing secret, unless the source names one. */
  public static final String WEBHOOK_SECRET = "webhookSecret";

  /**
   * A key of a Secret of the source's namespace.
   *
   * @param field where the source names it
   */
  public record SecretKey(String field, String name, String key) {}

  private SourceSecrets() {}

  /** The API token's; empty when the source names no Secret. */
  public static Optional<SecretKey> token(ImplementationSourceSpec spec) {
    var ref = spec.auth() == null ? null : spec.auth().secretRef();
    return secretKey("spec.auth.secretRef", ref, TOKEN);
  }

  /** Where the signing secret may lie beside the API token. */
  public static Optional<SecretKey> besideToken(ImplementationSourceSpec spec) {
    return token(spec).map(token -> new SecretKey(token.field(), token.name(), WEBHOOK_SECRET));
  }

  /** The signing secrets that the source names: each of them verifies. */
  public static List<SecretKey> signing(ImplementationSourceSpec spec) {
    var webhook = spec.webhook();
    if (webhook == null) {
      return List.of();
    }
    var all = new ArrayList<SecretKey>();
    secretKey("spec.webhook.secretRef", webhook.secretRef(), WEBHOOK_SECRET).ifPresent(all::add);
    var rotation = webhook.secretRefs() == null ? List.<SecretKeyRef>of() : webhook.secretRefs();
    for (int i = 0; i < rotation.size(); i++) {
      secretKey("spec.webhook.secretRefs[" + i + "]", rotation.get(i), WEBHOOK_SECRET)
          .ifPresent(all::add);
    }
    return List.copyOf(all);
  }

  /**
   * All that may verify, in the order of preference: those that the source names; else the key
   * beside the API token, then the token itself, of which the first that has a value counts.
   */
  public static List<SecretKey> candidates(ImplementationSourceSpec spec) {
    var named = signing(spec);
    return named.isEmpty()
        ? Stream.concat(besideToken(spec).stream(), token(spec).stream()).toList()
        : named;
  }

  private static Optional<SecretKey> secretKey(String field, SecretKeyRef ref, String otherwise) {
    if (ref == null || ref.name() == null || ref.name().isBlank()) {
      return Optional.empty();
    }
    var key = ref.key() == null || ref.key().isBlank() ? otherwise : ref.key().trim();
    return Optional.of(new SecretKey(field, ref.name().trim(), key));
  }
}

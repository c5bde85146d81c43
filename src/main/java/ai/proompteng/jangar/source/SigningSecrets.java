package ai.proompteng.jangar.source;

import ai.proompteng.jangar.kube.SecretReader;
import ai.proompteng.jangar.kube.SecretReader.Lookup;
import ai.proompteng.jangar.source.SourceSecrets.SecretKey;
import java.util.List;
import java.util.Optional;

/** Reads what a source's deliveries are signed with (integrations-and-helm.md 1.4). */
public final class SigningSecrets {
  private final SecretReader reader;

  public SigningSecrets(SecretReader reader) {
    this.reader = reader;
  }

  /**
   * Every secret that the source names; when it names none, the first that has a value of the key
   * beside its API token and the token itself. Empty when nothing is there.
   *
   * @throws ai.proompteng.jangar.core.Unreachable when one cannot be learned
   */
  public List<String> of(WebhookSource source) {
    var values =
        SourceSecrets.candidates(source.spec()).stream()
            .flatMap(key -> read(source.metadata().namespace(), key).stream());
    return SourceSecrets.signing(source.spec()).isEmpty()
        ? values.limit(1).toList()
        : values.toList();
  }

  private Optional<String> read(String namespace, SecretKey key) {
    return reader.read(namespace, key.name(), key.key()) instanceof Lookup.Found found
        ? Optional.of(found.value())
        : Optional.empty();
  }
}

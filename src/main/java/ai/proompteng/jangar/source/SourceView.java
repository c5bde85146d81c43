package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.ImplementationSourceSpec;
import ai.proompteng.jangar.api.ImplementationSourceStatus;
import ai.proompteng.jangar.api.Resource;
import java.util.Map;
import java.util.Optional;

/**
 * An ImplementationSource, its Secrets and its ledger, as seen at one look. No value of a Secret is
 * in here.
 *
 * @param undecodable what is wrong with it when its spec does not decode
 * @param secrets what a look at each key gave
 * @param lastWebhook the delivery that finished or failed an attempt last
 */
public record SourceView(
    Resource<ImplementationSourceSpec, ImplementationSourceStatus> source,
    Optional<String> undecodable,
    Map<SourceSecrets.SecretKey, Seen> secrets,
    Optional<ImplementationSourceStatus.LastWebhook> lastWebhook) {

  /** What a look at a key of a Secret gave. */
  public enum Seen {
    FOUND,
    NO_SECRET,
    NO_KEY
  }

  /** True when that key has a value. */
  boolean found(Optional<SourceSecrets.SecretKey> key) {
    return key.map(secrets::get).filter(Seen.FOUND::equals).isPresent();
  }

  /**
   * True when the API token doubles as signing secret: neither the source nor its Secret has one.
   */
  public boolean signsWithToken() {
    var spec = source.spec();
    return SourceSecrets.signing(spec).isEmpty()
        && !found(SourceSecrets.besideToken(spec))
        && found(SourceSecrets.token(spec));
  }

  /** True when signed pushes are accepted. */
  public boolean webhookEnabled() {
    var webhook = source.spec().webhook();
    return webhook != null && Boolean.TRUE.equals(webhook.enabled());
  }
}

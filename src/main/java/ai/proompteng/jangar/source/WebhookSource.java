package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.ImplementationSourceSpec;
import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.core.VerifiedSource;

/** An ImplementationSource that takes webhooks. */
public record WebhookSource(Meta metadata, ImplementationSourceSpec spec) {

  /** As {@code jangar:intake} wants to know it, once its secret has verified a request. */
  public VerifiedSource verified() {
    return new VerifiedSource(
        metadata.namespace(), metadata.name(), metadata.uid(), spec.provider());
  }
}

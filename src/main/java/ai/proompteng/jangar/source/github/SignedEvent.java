package ai.proompteng.jangar.source.github;

import ai.proompteng.jangar.source.WebhookSource;
import java.util.List;

/**
 * A delivery whose signature has been verified, still unread. Only the verifying step makes one, so
 * that nothing else can be normalized.
 *
 * @param event {@code X-GitHub-Event}; null when the header was missing
 * @param deliveryId {@code X-GitHub-Delivery}; null when it was missing or no id
 * @param form true when the body is a form whose field {@code payload} is the event
 * @param body the signed bytes
 * @param sources those whose own secret verified it
 */
public record SignedEvent(
    String event, String deliveryId, boolean form, byte[] body, List<WebhookSource> sources) {}

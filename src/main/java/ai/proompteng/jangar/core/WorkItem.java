package ai.proompteng.jangar.core;

import java.time.Instant;
import java.util.List;

/**
 * One piece of work as a tracker, or any route, tells it: what {@code jangar:intake} takes
 * (integrations-and-helm.md 2, decision 46).
 *
 * @param source name of an ImplementationSource of the namespace, or a free word (then the provider
 *     is {@code custom})
 * @param namespace where its ImplementationSpec will stand; null in a route's item: the endpoint's
 *     option says
 * @param sourceUid uid of that ImplementationSource, {@code route:<word>} for a free word; null
 *     until intake has found it
 * @param provider {@code github}, {@code linear}, {@code custom}
 * @param externalId as people write it: {@code owner/repo#7}, {@code ENG-42}
 * @param sourceId the provider's immutable id; the external id where there is none
 * @param deliveryId what the sender calls this delivery
 * @param version the provider's instant of this state; null means arrival order
 * @param event the provider's event name, for the record
 * @param action the provider's action, for the record
 * @param state {@code open}, {@code closed}, {@code deleted}, {@code transferred}, or {@code
 *     out-of-scope} when its source no longer asks for it; null keeps what is stored
 * @param summary the title
 * @param text the body, unprepared
 * @param labels label names; null means unknown, not none
 * @param acceptanceCriteria null means: read them out of the text
 * @param url https address of the item
 * @param movedTo where a transferred item went
 * @param bodySha256 SHA-256 of the signed raw body, hex; null where there was none
 * @param traceId what it is followed by; null until intake has given it one
 */
public record WorkItem(
    String source,
    String namespace,
    String sourceUid,
    String provider,
    String externalId,
    String sourceId,
    String deliveryId,
    Instant version,
    String event,
    String action,
    String state,
    String summary,
    String text,
    List<String> labels,
    List<String> acceptanceCriteria,
    String url,
    String movedTo,
    String bodySha256,
    String traceId) {

  /** One that nothing follows yet. */
  public WorkItem(
      String source,
      String namespace,
      String sourceUid,
      String provider,
      String externalId,
      String sourceId,
      String deliveryId,
      Instant version,
      String event,
      String action,
      String state,
      String summary,
      String text,
      List<String> labels,
      List<String> acceptanceCriteria,
      String url,
      String movedTo,
      String bodySha256) {
    this(
        source,
        namespace,
        sourceUid,
        provider,
        externalId,
        sourceId,
        deliveryId,
        version,
        event,
        action,
        state,
        summary,
        text,
        labels,
        acceptanceCriteria,
        url,
        movedTo,
        bodySha256,
        null);
  }

  /** The same, followed by that id. */
  public WorkItem traced(String id) {
    return new WorkItem(
        source,
        namespace,
        sourceUid,
        provider,
        externalId,
        sourceId,
        deliveryId,
        version,
        event,
        action,
        state,
        summary,
        text,
        labels,
        acceptanceCriteria,
        url,
        movedTo,
        bodySha256,
        id);
  }
}

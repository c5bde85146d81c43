package ai.proompteng.jangar.store;

import java.time.Instant;

/**
 * Somebody asks for a run of an agent for a piece of work.
 *
 * @param sourceId the provider's immutable id of the work
 * @param slot what may run once at a time for it
 * @param key what makes the request unique, so that one that is repeated is one
 * @param spec name of the ImplementationSpec
 * @param externalId as people write it; null where there is none
 * @param version the source's instant of that state; null where there is none
 * @param contentHash of the content it is asked for; null where there is none
 * @param traceId what the work is followed by; null where nobody said
 */
public record RunRequest(
    String namespace,
    String provider,
    String sourceId,
    String slot,
    String key,
    String agent,
    String spec,
    String externalId,
    Instant version,
    String contentHash,
    String traceId) {}

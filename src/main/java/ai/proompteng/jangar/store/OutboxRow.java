package ai.proompteng.jangar.store;

import java.util.Map;

/**
 * One event for one subscription, claimed by its consumer.
 *
 * @param lease of this one claim: whoever claims the row later has another, also the same process
 * @param body what the route gets
 * @param attempts tries so far that were answered by a no, this one included
 */
public record OutboxRow(
    long seq,
    String lease,
    String type,
    String subscription,
    Map<String, Object> body,
    int attempts) {}

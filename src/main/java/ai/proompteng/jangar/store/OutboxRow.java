package ai.proompteng.jangar.store;

import java.util.Map;

/**
 * One event for one subscription, claimed by its consumer.
 *
 * @param body what the route gets
 * @param attempts tries so far that were answered by a no, this one included
 */
public record OutboxRow(
    long seq, String type, String subscription, Map<String, Object> body, int attempts) {}

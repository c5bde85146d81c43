package ai.proompteng.jangar.store;

/**
 * What waits in the tables, and what was given up. Counts go no further than one more than {@link
 * PostgresBacklog#MOST}.
 *
 * @param queued deliveries that wait
 * @param oldestSeconds how long the oldest delivery has waited that is not done; 0 for none
 * @param oldestEventSeconds how long the oldest event has waited for its route; 0 for none
 * @param failed deliveries that were given up
 * @param dead events that were given up
 */
public record Backlog(
    int queued, double oldestSeconds, double oldestEventSeconds, int failed, int dead) {}

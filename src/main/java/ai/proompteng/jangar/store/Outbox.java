package ai.proompteng.jangar.store;

import ai.proompteng.jangar.core.Event;

/** Events on their way to the routes that subscribe to them (decision 33). */
public interface Outbox {
  /**
   * Stores the event, one row a subscription, once per key.
   *
   * @throws ai.proompteng.jangar.core.Unreachable when the database does not answer
   */
  void publish(Event event);
}

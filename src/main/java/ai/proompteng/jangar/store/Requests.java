package ai.proompteng.jangar.store;

import java.util.Map;

/**
 * What is written of a request that changes something: who asked, what was decided, what came of
 * it. A decision that cannot be written is not acted on: everything here throws {@link
 * ai.proompteng.jangar.core.Unreachable}.
 */
public interface Requests {

  /**
   * Who asked for what.
   *
   * @param source the endpoint, {@code v1.agents} for example
   * @param actor who was authenticated
   * @param deliveryId the request's idempotency key
   */
  record Asked(
      String source, String actor, String requestId, String deliveryId, String namespace) {}

  /**
   * A decision before anything is done: once for a key that is allowed, each time when it is
   * denied.
   *
   * @param details the subject, and the reason of a denial
   */
  void decided(Asked asked, boolean allowed, Map<String, Object> details);

  /**
   * The row of a run that was made, and {@code agent_run.created}, once. The row as it is stored.
   */
  RunRecord created(RunRecord run, Asked asked);

  /**
   * Something was done to an object.
   *
   * @param once what there is one row of, ever; null for as many as are written
   */
  void done(
      Asked asked,
      String entityType,
      String uid,
      String type,
      String once,
      Map<String, Object> details);
}

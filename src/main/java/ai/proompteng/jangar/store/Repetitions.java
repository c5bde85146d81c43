package ai.proompteng.jangar.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Requests that are known by their key, so that each is done once (bars.md 4): {@code
 * idempotency_requests}. All times are the database's. Throws {@link
 * ai.proompteng.jangar.core.Unreachable}.
 */
public interface Repetitions {

  /**
   * A request to do something.
   *
   * @param route the template of its path
   * @param fingerprint equal for requests that are equal
   * @param principal who asked; another may repeat it
   */
  record Request(
      String namespace, String route, String key, String fingerprint, String principal) {}

  /**
   * What was answered.
   *
   * @param body a JSON object; empty when it was too large to keep, or its time is over
   * @param location null without one
   * @param namespaces that it was about: who repeats it must be allowed there
   */
  record Answered(int status, Optional<String> body, String location, List<String> namespaces) {}

  /** How a request stands. */
  sealed interface Standing {
    /** The asker's to do, until the deadline. */
    record Mine() implements Standing {}

    /** Another's, and not yet done. */
    record InProgress() implements Standing {}

    /** Done. */
    record Done(Answered answer) implements Standing {}

    /** The key is of another request. */
    record Reused() implements Standing {}

    /** The key is another namespace's. */
    record Elsewhere() implements Standing {}
  }

  /**
   * Takes the request on, or says how it stands. What was begun and not finished by its deadline is
   * taken over.
   *
   * @param owner who will do it
   */
  Standing take(Request request, UUID owner);

  /** Keeps the answer. False when the request is no longer the owner's. */
  boolean finish(Request request, UUID owner, Answered answer);

  /** Forgets the request: nothing of it was done, and its key is free. */
  void release(Request request, UUID owner);

  /** Lets whoever repeats the request go on with it at once: some of it may be done. */
  void leave(Request request, UUID owner);
}

package ai.proompteng.jangar.runtime;

import java.time.Instant;
import java.util.Optional;

/**
 * Executes the work of runs. Everything here may be repeated: what was done already is success.
 *
 * <p>Each call throws {@link ai.proompteng.jangar.core.Unreachable} when the other side did not
 * answer or asked to come back, and {@link ai.proompteng.jangar.core.Rejected} when it refused for
 * good (agentrun.md 2.4, 6).
 */
public interface RuntimeAdapter {

  /** The word in {@code spec.runtime.type} that this one answers to. */
  String type();

  /**
   * Starts the work, or finds what an earlier call for the same run started.
   *
   * @return where it is now; the same for the same run
   */
  RuntimeRef submit(RunSpec run);

  /** What has become of the work. Never starts or stops anything. */
  RuntimeState observe(RuntimeRef ref);

  /**
   * The end of the work's output.
   *
   * @param maxBytes how much of it at the most
   * @return empty when there is none any more
   */
  Optional<String> log(RuntimeRef ref, int maxBytes);

  /** Asks the work to stop, without waiting for it. */
  void cancel(RuntimeRef ref);

  /**
   * What is left of work that was asked to stop: under way until nothing of it goes on, and never
   * absent. Costs no request.
   *
   * @param askedAt when it was first asked
   */
  RuntimeState stopping(RuntimeRef ref, Instant askedAt);

  /** Where the work of that run would be, whether or not there is any. Costs no request. */
  RuntimeRef place(String namespace, String runName, String runUid);

  /** Removes whatever the work left behind, itself included, without waiting. */
  void discard(RuntimeRef ref);

  /**
   * Work of that run which its status does not name: the trace of a crash between doing and
   * reporting. Costs no request.
   */
  Optional<RuntimeRef> find(String namespace, String runName, String runUid);
}

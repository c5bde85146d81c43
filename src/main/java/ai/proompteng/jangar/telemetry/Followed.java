package ai.proompteng.jangar.telemetry;

import org.slf4j.MDC;

/** The trace id on every log line of this thread's work, until the work is over. */
public final class Followed {
  private Followed() {}

  /** From here on, in this thread; null for nothing. Whoever gave the thread its work ends it. */
  public static void by(String traceId) {
    if (traceId == null) {
      end();
    } else {
      MDC.put(LogKeys.TRACE_ID, traceId);
    }
  }

  /** The work is over. */
  public static void end() {
    MDC.remove(LogKeys.TRACE_ID);
  }
}

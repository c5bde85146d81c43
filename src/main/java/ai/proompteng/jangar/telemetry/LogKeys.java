package ai.proompteng.jangar.telemetry;

/** The names of a log line's fields (orchestration-and-api.md 8.4, agentrun.md appendix C). */
public final class LogKeys {
  public static final String DECISION = "decision";
  public static final String NAMESPACE = "namespace";
  public static final String RUN_NAME = "runName";
  public static final String RUN_UID = "agentRun.uid";
  public static final String SPEC_UID = "implementationSpec.uid";
  public static final String GENERATION = "generation";
  public static final String RUNTIME_TYPE = "runtimeType";
  public static final String RUNTIME_REF_NAME = "runtimeRefName";
  public static final String REPOSITORY = "repository";
  public static final String PHASE = "phase";
  public static final String REASON = "reason";
  public static final String DURATION = "durationMs";
  public static final String DELIVERY_ID = "deliveryId";

  /** What the work is followed by: on every line of a pass over it. */
  public static final String TRACE_ID = "traceId";

  private LogKeys() {}
}

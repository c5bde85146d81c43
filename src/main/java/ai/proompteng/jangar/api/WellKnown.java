package ai.proompteng.jangar.api;

/**
 * Labels, annotations and finalizers that have a meaning (agentrun.md 0, integrations-and-helm.md
 * 1.12).
 */
public final class WellKnown {
  private static final String PREFIX = "agents.proompteng.ai/";

  /** Finalizer of a run: its runtime is torn down before it goes. */
  public static final String RUNTIME_CLEANUP = PREFIX + "runtime-cleanup";

  public static final String AGENT_RUN = PREFIX + "agent-run";
  public static final String AGENT_RUN_NAME = PREFIX + "agent-run-name";
  public static final String AGENT = PREFIX + "agent";
  public static final String PROVIDER = PREFIX + "provider";
  public static final String IMPLEMENTATION = PREFIX + "implementation";
  public static final String DELIVERY_ID = PREFIX + "delivery-id";
  public static final String TEMPLATE = PREFIX + "template";

  /** {@code "true"} asks for the end of a run. */
  public static final String CANCEL = PREFIX + "cancel";

  /** Why, in the words of whoever asked. */
  public static final String CANCEL_REASON = PREFIX + "cancel-reason";

  /** {@code "true"} on an Agent: nothing new is started with it. */
  public static final String PAUSED = PREFIX + "paused";

  public static final String SOURCE_PROVIDER = PREFIX + "source-provider";
  public static final String IMPLEMENTATION_SOURCE = PREFIX + "implementation-source";
  public static final String SOURCE_ID = PREFIX + "source-id";
  public static final String SOURCE_VERSION = PREFIX + "source-version";

  /** When the state that stands there was received: decides between equal versions. */
  public static final String SOURCE_RECEIVED_AT = PREFIX + "source-received-at";

  public static final String SOURCE_CONTENT_HASH = PREFIX + "source-content-hash";
  public static final String SOURCE_STATE = PREFIX + "source-state";
  public static final String LABEL_SINCE = PREFIX + "label-since";
  public static final String STALE_REASON = PREFIX + "stale-reason";
  public static final String SYNCED_AT = PREFIX + "synced-at";
  public static final String SOURCE_DELIVERY = PREFIX + "source-delivery";
  public static final String TEXT_TRUNCATED = PREFIX + "text-truncated";
  public static final String WORK_ITEM_CLAIM = PREFIX + "work-item-claim";
  public static final String MOVED_TO = PREFIX + "moved-to";

  /** What the work is followed by, from the webhook to the pod: 32 hex digits. */
  public static final String TRACE_ID = PREFIX + "trace-id";

  // what the cache keeps of an ImplementationSpec's text instead of it: set in our store alone,
  // never written to the API server
  public static final String CACHED_TEXT_BYTES = "cache.jangar.proompteng.ai/text-bytes";
  public static final String CACHED_TEXT_BLANK = "cache.jangar.proompteng.ai/text-blank";
  public static final String CACHED_TEXT_SHA256 = "cache.jangar.proompteng.ai/text-sha256";

  /**
   * Marks what our cache hands out of a finished run: its spec and status are not whole. Never
   * written to the API server.
   */
  public static final String CACHED_COMPACT = "cache.jangar.proompteng.ai/compact";

  private WellKnown() {}
}

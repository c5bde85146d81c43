package ai.proompteng.jangar;

import java.util.List;

/**
 * Names that a chart may set already and that have no effect yet (integrations-and-helm.md 6,
 * agentrun.md appendix A). One that gets its effect moves to {@link Settings}.
 *
 * @param feature what they will belong to
 * @param names the environment variables
 */
record LaterSettings(String feature, List<String> names) {
  static final List<LaterSettings> ALL =
      List.of(
          later(
              "limits of concurrency, queues and rates",
              """
              JANGAR_AGENTS_CONTROLLER_CONCURRENCY_NAMESPACE
              JANGAR_AGENTS_CONTROLLER_CONCURRENCY_AGENT
              JANGAR_AGENTS_CONTROLLER_CONCURRENCY_CLUSTER
              JANGAR_AGENTS_CONTROLLER_REPO_CONCURRENCY_ENABLED
              JANGAR_AGENTS_CONTROLLER_REPO_CONCURRENCY_DEFAULT
              JANGAR_AGENTS_CONTROLLER_REPO_CONCURRENCY_OVERRIDES
              JANGAR_AGENTS_CONTROLLER_QUEUE_NAMESPACE
              JANGAR_AGENTS_CONTROLLER_QUEUE_REPO
              JANGAR_AGENTS_CONTROLLER_QUEUE_CLUSTER
              JANGAR_AGENTS_CONTROLLER_RATE_WINDOW_SECONDS
              JANGAR_AGENTS_CONTROLLER_RATE_NAMESPACE
              JANGAR_AGENTS_CONTROLLER_RATE_REPO
              JANGAR_AGENTS_CONTROLLER_RATE_CLUSTER
              """),
          later(
              "admission by labels, images and secrets",
              """
              JANGAR_AGENTS_CONTROLLER_LABELS_REQUIRED
              JANGAR_AGENTS_CONTROLLER_LABELS_ALLOWED
              JANGAR_AGENTS_CONTROLLER_LABELS_DENIED
              JANGAR_AGENTS_CONTROLLER_IMAGES_ALLOWED
              JANGAR_AGENTS_CONTROLLER_IMAGES_DENIED
              JANGAR_AGENTS_CONTROLLER_BLOCKED_SECRETS
              JANGAR_AGENTS_CONTROLLER_SECRET_BINDING_REQUIRED
              JANGAR_AGENTS_CONTROLLER_SYSTEM_PROMPT_REQUIRED
              """),
          later(
              "the runner's credentials",
              """
              JANGAR_AGENTS_CONTROLLER_AUTH_SECRET_NAME
              JANGAR_AGENTS_CONTROLLER_AUTH_SECRET_KEY
              JANGAR_AGENTS_CONTROLLER_AUTH_SECRET_MOUNT_PATH
              """),
          later(
              "VersionControlProviders",
              """
              JANGAR_AGENTS_CONTROLLER_VCS_PROVIDERS_ENABLED
              JANGAR_AGENTS_CONTROLLER_VCS_DEPRECATED_TOKEN_TYPES
              JANGAR_AGENTS_CONTROLLER_VCS_PR_RATE_LIMITS
              """),
          later(
              "retention of runs, debris",
              """
              JANGAR_AGENTS_CONTROLLER_AGENTRUN_RETENTION_SECONDS
              JANGAR_AGENTS_CONTROLLER_AGENTRUN_RETENTION_MAX_DELETES_PER_NAMESPACE
              JANGAR_AGENTS_CONTROLLER_AGENTRUN_RETENTION_ZERO_TTL_MAX_SECONDS
              JANGAR_AGENTS_CONTROLLER_RUNTIME_DEBRIS_CLEANUP_MODE
              JANGAR_AGENTS_CONTROLLER_ORPHAN_POD_RETENTION_SECONDS
              JANGAR_AGENTS_CONTROLLER_RUNTIME_DEBRIS_MAX_DELETES_PER_NAMESPACE
              """),
          later(
              "workflows",
              """
              JANGAR_AGENTS_CONTROLLER_WORKFLOW_LOOPS_ENABLED
              JANGAR_AGENTS_CONTROLLER_WORKFLOW_LOOP_MAX_ITERATIONS
              JANGAR_AGENTS_CONTROLLER_WORKFLOW_LOOP_STATUS_HISTORY_LIMIT
              """),
          later(
              "other runtimes",
              """
              JANGAR_AGENTS_CONTROLLER_CUSTOM_ENDPOINTS_ALLOWED
              JANGAR_CUSTOM_SIGNING_KEY
              JANGAR_TEMPORAL_ADDRESS
              JANGAR_TEMPORAL_NAMESPACE
              JANGAR_TEMPORAL_API_KEY
              """),
          later(
              "more of a controller",
              """
              JANGAR_AGENTS_CONTROLLER_DEBUG_LOGS
              """),
          later(
              "idempotency keys",
              """
              JANGAR_AGENTRUN_IDEMPOTENCY_RESERVATION_TTL_SECONDS
              """),
          later(
              "messages to runners",
              """
              JANGAR_AGENT_RUNNER_NATS_AUTH_SECRET_NAME
              JANGAR_AGENT_RUNNER_NATS_AUTH_SECRET_USERNAME_KEY
              JANGAR_AGENT_RUNNER_NATS_AUTH_SECRET_PASSWORD_KEY
              JANGAR_AGENT_RUNNER_NATS_AUTH_USERNAME_KEY
              JANGAR_AGENT_RUNNER_NATS_AUTH_PASSWORD_KEY
              """),
          later(
              "orchestrations",
              """
              JANGAR_ORCHESTRATION_CONTROLLER_ENABLED
              JANGAR_ORCHESTRATION_CONTROLLER_NAMESPACES
              JANGAR_ORCHESTRATION_CANCEL_TIMEOUT_MS
              JANGAR_ORCHESTRATION_DEDUPE_RETENTION_DAYS
              JANGAR_CODEX_RERUN_ORCHESTRATION
              JANGAR_CODEX_RERUN_ORCHESTRATION_NAMESPACE
              JANGAR_SYSTEM_IMPROVEMENT_ORCHESTRATION
              JANGAR_SYSTEM_IMPROVEMENT_ORCHESTRATION_NAMESPACE
              """),
          later(
              "tools, schedules and the other kinds",
              """
              JANGAR_SUPPORTING_CONTROLLER_ENABLED
              JANGAR_SUPPORTING_CONTROLLER_NAMESPACES
              JANGAR_PRIMITIVES_RECONCILER
              JANGAR_PRIMITIVES_NAMESPACES
              JANGAR_TOOL_SERVICE_ACCOUNTS_ALLOWED
              JANGAR_TOOL_STRICT_SHELL
              JANGAR_SCHEDULE_RUNNER_IMAGE
              JANGAR_SCHEDULE_RUNNER_NODE_SELECTOR
              JANGAR_SCHEDULE_SERVICE_ACCOUNT
              JANGAR_MEMORY_COMPACTION_ENABLED
              JANGAR_MEMORY_COMPACTION_INTERVAL
              """),
          later(
              "who may call",
              """
              JANGAR_AUTH_AUDIENCE
              JANGAR_CORS_ALLOWED_ORIGINS
              """),
          later(
              "gRPC",
              """
              JANGAR_GRPC_ENABLED
              JANGAR_GRPC_HOST
              JANGAR_GRPC_PORT
              JANGAR_GRPC_ADDRESS
              JANGAR_GRPC_TOKEN
              JANGAR_GRPC_ALLOW_ANONYMOUS
              """),
          later(
              "a cache of objects in the database",
              """
              JANGAR_CONTROL_PLANE_CACHE_ENABLED
              JANGAR_CONTROL_PLANE_CACHE_NAMESPACES
              JANGAR_CONTROL_PLANE_CACHE_CLUSTER
              """),
          later(
              "the audit's export",
              """
              JANGAR_AUDIT_SINK_TYPE
              JANGAR_AUDIT_SINK_HTTP_URL
              JANGAR_AUDIT_SINK_HTTP_TIMEOUT_MS
              JANGAR_AUDIT_SINK_HTTP_HEADERS_JSON
              """),
          later(
              "polling and the trackers' APIs",
              """
              JANGAR_GITHUB_REDELIVERY_ENABLED
              JANGAR_LINEAR_API_URL
              JANGAR_LINEAR_WEBHOOK_TOLERANCE_SECONDS
              JANGAR_LINEAR_WEBHOOK_RETRY_WINDOW_SECONDS
              JANGAR_POLL_DEFAULT_INTERVAL_SECONDS
              JANGAR_SWEEP_INTERVAL_SECONDS
              """),
          later(
              "events from NATS and Kafka",
              """
              JANGAR_AGENT_COMMS_SUBSCRIBER_DISABLED
              JANGAR_AGENT_COMMS_SUBJECTS
              NATS_URL
              NATS_USER
              NATS_PASSWORD
              JANGAR_KAFKA_ENABLED
              JANGAR_KAFKA_BOOTSTRAP_SERVERS
              JANGAR_KAFKA_TOPIC
              JANGAR_KAFKA_GROUP_ID
              JANGAR_KAFKA_USERNAME
              JANGAR_KAFKA_PASSWORD
              """),
          later(
              "metrics by OTLP",
              """
              OTEL_METRICS_EXPORTER
              """),
          later(
              "timeouts of a controller",
              """
              JANGAR_CONTROLLER_EXTERNAL_TIMEOUT_MS
              """),
          later(
              "the ledger's workers",
              """
              JANGAR_WEBHOOK_WORKERS
              """),
          later(
              "a cluster of CloudNativePG",
              """
              JANGAR_CNPG_CLUSTER
              """),
          later(
              "watching every namespace",
              """
              JANGAR_RBAC_CLUSTER_SCOPED
              """),
          later(
              "who this is",
              """
              JANGAR_IMAGE
              JANGAR_SERVICE_ACCOUNT_NAME
              JANGAR_KUBECTL_FIELD_MANAGER
              JANGAR_VERSION
              JANGAR_BUILD_SHA
              JANGAR_BUILD_TIME
              """));

  private static LaterSettings later(String feature, String names) {
    return new LaterSettings(feature, names.lines().toList());
  }
}

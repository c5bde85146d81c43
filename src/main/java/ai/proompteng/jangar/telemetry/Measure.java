package ai.proompteng.jangar.telemetry;

import java.util.List;

/**
 * Every meter of ours, as Prometheus reads it: name, type, labels (orchestration-and-api.md 8.3).
 * Labels are words of closed sets, kinds and watched namespaces: nobody outside can make a new one,
 * and none names a repository, an issue or a run.
 */
public enum Measure {
  // passes
  RECONCILE_DURATION(
      "jangar_reconcile_duration_ms",
      Type.HISTOGRAM,
      "How long a pass over an object took, in milliseconds",
      "kind",
      "namespace",
      "result"),
  WORKQUEUE_DEPTH(
      "jangar_workqueue_depth", Type.GAUGE, "Objects of a kind that wait for a worker", "kind"),
  WORKQUEUE_RETRIES(
      "jangar_workqueue_retries",
      Type.GAUGE,
      "Objects of a kind whose last pass failed, and that come again",
      "kind"),
  WATCH_EVENTS(
      "jangar_watch_event_total",
      Type.COUNTER,
      "Changes that the API server told",
      "resource",
      "namespace",
      "event_type"),
  WATCH_EVENT_ERRORS(
      "jangar_watch_event_errors_total",
      Type.COUNTER,
      "Lists and watches that failed, by why",
      "resource",
      "namespace",
      "event_type"),
  WATCH_EVENT_PARSE_FAILURES(
      "jangar_watch_event_parse_failures_total",
      Type.COUNTER,
      "Passes over an object that does not decode",
      "resource",
      "namespace",
      "event_type"),

  // runs
  RUNS(
      "jangar_runs_total",
      Type.COUNTER,
      "Runs that entered a phase; the provider is the tracker's",
      "kind",
      "runtime",
      "provider",
      "phase"),
  RUN_OUTCOMES(
      "jangar_agent_run_outcomes_total", Type.COUNTER, "Runs that ended", "outcome", "runtime"),
  RUN_SUBMIT_LATENCY(
      "jangar_run_submit_latency_seconds",
      Type.HISTOGRAM,
      "From a run's creation until its runtime had the work"),
  POLICY_DECISIONS(
      "jangar_policy_decisions_total",
      Type.COUNTER,
      "What policy said of runs, and by which check",
      "check",
      "decision"),
  ACTIVE(
      "jangar_agents_active_concurrency",
      Type.GAUGE,
      "Runs that are running; scope cluster is all namespaces together",
      "scope",
      "namespace"),
  QUEUE_DEPTH(
      "jangar_agents_queue_depth",
      Type.GAUGE,
      "Runs that are not running yet; scope cluster is all namespaces together",
      "scope",
      "namespace"),
  BLOCKED("jangar_agentrun_blocked", Type.GAUGE, "Runs that are Blocked", "namespace"),
  BLOCKED_OLDEST_AGE(
      "jangar_agentrun_blocked_oldest_age_seconds",
      Type.GAUGE,
      "How long the run has been Blocked that has been so the longest; 0 when none is",
      "namespace"),
  UNTOUCHED(
      "jangar_agentrun_untouched_backlog",
      Type.GAUGE,
      "Active runs that no pass has reached",
      "namespace"),
  UNTOUCHED_OLDEST_AGE(
      "jangar_agentrun_untouched_oldest_age_seconds",
      Type.GAUGE,
      "How long the oldest of them has waited; 0 when none does",
      "namespace"),
  RESYNC_ADOPTIONS(
      "jangar_agentrun_resync_adoptions_total",
      Type.COUNTER,
      "Untouched runs that a resync rang again",
      "namespace"),

  // rows
  LEDGER_QUEUED(
      "jangar_ledger_queued",
      Type.GAUGE,
      "Deliveries that wait in the intake ledger, at most 10001"),
  LEDGER_OLDEST_AGE(
      "jangar_ledger_oldest_age_seconds",
      Type.GAUGE,
      "How long the oldest of them has waited; 0 when none does"),
  OUTBOX_OLDEST_AGE(
      "jangar_outbox_oldest_age_seconds",
      Type.GAUGE,
      "How long the oldest event has waited for its route; 0 when none does"),
  DEAD_LETTERS(
      "jangar_dead_letters",
      Type.GAUGE,
      "Rows that were given up: failed deliveries, dead events; at most 10001 each",
      "queue"),
  AUDIT_WRITE_FAILURES(
      "jangar_audit_write_failures_total", Type.COUNTER, "Audit rows that could not be written"),

  // leadership
  LEADER("jangar_leader", Type.GAUGE, "1 while this process leads, else 0"),
  LEADER_CHANGES(
      "jangar_leader_changes_total", Type.COUNTER, "Terms that this process began or ended", "to"),

  // HTTP
  HTTP_REQUESTS(
      "jangar_http_requests_seconds",
      Type.HISTOGRAM,
      "Answers over HTTP; the route is its template, or none",
      "method",
      "route",
      "status"),
  WEBHOOK_REQUESTS(
      "jangar_webhook_requests_total", Type.COUNTER, "Answers to webhooks", "provider", "outcome"),
  WEBHOOK_DURATION(
      "jangar_webhook_duration_seconds",
      Type.HISTOGRAM,
      "How long a webhook waited for its answer",
      "provider");

  /** How Prometheus reads it. */
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  private final String metric;
  private final Type type;
  private final String help;
  private final List<String> labels;

  Measure(String metric, Type type, String help, String... labels) {
    this.metric = metric;
    this.type = type;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** The name, as it is scraped. */
  public String metric() {
    return metric;
  }

  public Type type() {
    return type;
  }

  public String help() {
    return help;
  }

  /** The labels' names, in the order that values are given in. */
  public List<String> labels() {
    return labels;
  }
}

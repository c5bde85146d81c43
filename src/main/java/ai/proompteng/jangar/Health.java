package ai.proompteng.jangar;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.camel.reconcile.Ingestion;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.Leader;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What {@code /ready} and {@code /health} tell beside yes or no (orchestration-and-api.md 8.2,
 * 8.5). From memory: no request, no statement.
 *
 * @param controller false in a process that reconciles nothing
 * @param reconciling true once the reconciling routes are there
 */
record Health(
    Leader leader,
    Cluster cluster,
    Database database,
    Ingestion ingestion,
    boolean controller,
    BooleanSupplier reconciling) {
  private static final String DISABLED = "disabled";
  private static final Map<String, Object> NOT_BUILT = Map.of("enabled", false, "status", DISABLED);

  /** What a human should know though the process is ready. */
  List<String> notices() {
    var notices = new ArrayList<String>();
    var lead = leader.facts();
    if (lead.enabled() && (lead.lastError().isPresent() || lead.holder().isEmpty())) {
      notices.add("leader_election_not_ready");
    }
    if (ingestion.reports().stream().anyMatch(report -> report.status().equals("degraded"))) {
      notices.add("agentrun_ingestion_degraded");
    }
    return notices;
  }

  /** The fields of {@code /ready}. */
  Map<String, Object> facts() {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("leaderElection", leaderElection());
    facts.put("agentsController", agentsController());
    facts.put("orchestrationController", NOT_BUILT);
    facts.put("supportingController", NOT_BUILT);
    facts.put("schemaVersion", database.schemaVersion().orElse(null));
    facts.put("agentrun_ingestion", ingestion.reports().stream().map(this::ingestion).toList());
    return facts;
  }

  /** The agents controller's. */
  Map<String, Object> agentsController() {
    var missing = crds("missing");
    var forbidden = crds("forbidden");
    var crdsReady = missing.isEmpty() && forbidden.isEmpty();
    var started = controller && reconciling.getAsBoolean();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("enabled", controller);
    facts.put("started", started);
    facts.put(
        "status",
        !controller ? DISABLED : !crdsReady ? "degraded" : started ? "healthy" : "unknown");
    facts.put("namespaces", cluster.namespaces());
    facts.put("crdsReady", crdsReady);
    facts.put("missingCrds", missing);
    facts.put("forbiddenCrds", forbidden);
    return facts;
  }

  private Map<String, Object> leaderElection() {
    var lead = leader.facts();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("enabled", lead.enabled());
    facts.put("required", lead.required());
    facts.put("isLeader", lead.isLeader());
    facts.put("leaseName", lead.leaseName());
    facts.put("leaseNamespace", lead.leaseNamespace());
    facts.put("identity", lead.identity().orElse(null));
    facts.put("holder", lead.holder().orElse(null));
    facts.put("lastTransitionAt", lead.lastTransitionAt().orElse(null));
    facts.put("lastAttemptAt", lead.lastAttemptAt().orElse(null));
    facts.put("lastSuccessAt", lead.lastSuccessAt().orElse(null));
    facts.put("lastError", lead.lastError().orElse(null));
    return facts;
  }

  private Map<String, Object> ingestion(Ingestion.Report report) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("namespace", report.namespace());
    facts.put("status", controller ? report.status() : DISABLED);
    facts.put("message", report.message());
    facts.put("last_watch_event_at", report.lastWatchEventAt());
    facts.put("last_resync_at", report.lastResyncAt());
    facts.put("untouched_run_count", report.untouched());
    facts.put("oldest_untouched_age_seconds", Math.round(report.oldestSeconds()));
    return facts;
  }

  private List<String> crds(String trouble) {
    return cluster.troubles().entrySet().stream()
        .filter(of -> of.getValue().equals(trouble))
        .map(Map.Entry::getKey)
        .filter(type -> Kind.ALL.stream().anyMatch(kind -> ResourceType.of(kind).equals(type)))
        .map(type -> type.plural() + "." + type.group())
        .sorted()
        .toList();
  }
}

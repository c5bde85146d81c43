package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Refused;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.RunRecord;
import ai.proompteng.jangar.store.RunRecords;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Runs as REST shows them (orchestration-and-api.md 3.3): the row, and the object as the informers
 * have it. Throws {@link Refused}, and {@link Unreachable} when the database does not answer.
 */
public final class RunReader {
  private static final int MAX_LOG_BYTES = 1 << 20;
  private static final String CONTAINER = "agent-runner";
  private static final ResourceType TYPE = ResourceType.of(Kind.AGENT_RUN);

  private final RunRecords records;
  private final Cluster cluster;
  private final String defaultNamespace;

  /**
   * @param defaultNamespace where a run is looked for by name when the request says none
   */
  public RunReader(RunRecords records, Cluster cluster, String defaultNamespace) {
    this.records = records;
    this.cluster = cluster;
    this.defaultNamespace = defaultNamespace;
  }

  /** {@code {ok, runs, nextCursor?}}, newest first. */
  Map<String, Object> list(RunQuery asked, Caller caller) {
    var query =
        asked.only(
            "agentId",
            "agentName",
            "namespace",
            "status",
            "phase",
            "runtime",
            "since",
            "labelSelector",
            "limit",
            "cursor",
            "view");
    var agent = query.agent();
    var statuses = query.statuses();
    if (agent == null && statuses.isEmpty()) {
      throw new Refused(400, "bad_request", "agentId or status is needed");
    }
    int limit = query.limit();
    var after = query.cursor();
    var wanted =
        new RunRecords.Wanted(
            List.copyOf(caller.narrow(query.namespace(), RunReader::missing)),
            agent,
            statuses,
            query.runtime(),
            query.since(),
            query.labels());
    var rows =
        after == null
            ? records.list(wanted, limit, null, null)
            : records.list(wanted, limit, after.createdAt(), after.id());
    var answer = ok();
    answer.put("runs", rows.stream().map(row -> record(row, query.full())).toList());
    if (rows.size() == limit) {
      var last = rows.get(rows.size() - 1);
      answer.put("nextCursor", new Cursor(last.createdAt(), last.id()).toString());
    }
    return answer;
  }

  /** {@code {ok, agentRun, resource}}. */
  Map<String, Object> agentRun(String id, RunQuery query, Caller caller) {
    var answer = ok();
    show(answer, "agentRun", find(id, query.only("namespace"), caller));
    return answer;
  }

  /** {@code {ok, kind, run, resource}}. */
  Map<String, Object> anyRun(String id, RunQuery query, Caller caller) {
    var answer = ok();
    answer.put("kind", "agent");
    show(answer, "run", find(id, query.only("namespace"), caller));
    return answer;
  }

  /** The log of the run's pod while there is one, else the stored end of it; empty before both. */
  String log(String id, RunQuery query, Caller caller) {
    var run = find(id, query.only("namespace", "container", "tailLines"), caller);
    var container = query.container();
    var log = live(run, container == null ? CONTAINER : container);
    return tail(log.isEmpty() ? records.log(run.resourceUid()).orElse("") : log, query.tailLines());
  }

  /** The row of that id or name; refused when there is none. */
  RunRecord find(String id, RunQuery query, Caller caller) {
    if (RunQuery.isUuid(id)) {
      var run = records.find(UUID.fromString(id)).orElseThrow(RunReader::missing);
      caller.enter(run.namespace(), RunReader::missing);
      return run;
    }
    var name = RunQuery.name(id);
    var asked = query.namespace() == null ? caller.home(defaultNamespace) : query.namespace();
    var namespace = caller.enter(asked, RunReader::missing);
    return records.find(namespace, name).orElseThrow(RunReader::missing);
  }

  private void show(Map<String, Object> answer, String field, RunRecord run) {
    var resource = resource(run);
    var shown = record(run, true);
    resource.flatMap(RunObjects::phase).ifPresent(phase -> shown.put("status", phase));
    answer.put(field, shown);
    answer.put("resource", resource.map(RunObjects::told).orElse(null));
  }

  private Optional<GenericKubernetesResource> resource(RunRecord run) {
    if (!cluster.synced(TYPE)) {
      return Optional.empty(); // at a start the row is all that is known
    }
    var key = new Key(run.namespace(), run.externalRunId());
    return cluster
        .cached(TYPE, key)
        .map(object -> compact(object) ? whole(key, object) : object)
        .filter(object -> object.getMetadata().getUid().equals(run.resourceUid()));
  }

  private static boolean compact(GenericKubernetesResource object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(WellKnown.CACHED_COMPACT);
  }

  private GenericKubernetesResource whole(Key key, GenericKubernetesResource compact) {
    try {
      return cluster.read(TYPE, key).orElse(compact);
    } catch (Unreachable away) {
      return compact; // what is known of a run that is over
    }
  }

  private String live(RunRecord run, String container) {
    if (!cluster.synced(ResourceType.JOB) || !cluster.synced(ResourceType.POD)) {
      return "";
    }
    var pods =
        cluster.owned(ResourceType.JOB, run.namespace(), run.resourceUid()).stream()
            .flatMap(
                job ->
                    cluster
                        .owned(ResourceType.POD, run.namespace(), job.getMetadata().getUid())
                        .stream())
            .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()));
    try {
      return pods.flatMap(
              pod ->
                  cluster.log(
                      new Key(run.namespace(), pod.getMetadata().getName()),
                      container,
                      MAX_LOG_BYTES))
          .orElse("");
    } catch (Unreachable away) {
      return ""; // the stored end is what is left
    }
  }

  private static String tail(String log, int lines) {
    if (lines == 0) {
      return log;
    }
    int from = log.endsWith("\n") ? log.length() - 1 : log.length();
    for (int i = 0; i < lines && from >= 0; i++) {
      from = log.lastIndexOf('\n', from - 1);
    }
    return log.substring(Math.max(0, from + 1));
  }

  static Map<String, Object> record(RunRecord run, boolean full) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("id", run.id());
    fields.put("agentName", run.agentName());
    fields.put("deliveryId", run.deliveryId());
    fields.put("provider", run.provider());
    fields.put("status", run.status());
    fields.put("externalRunId", run.externalRunId());
    if (full) {
      fields.put("payload", run.payload());
    }
    fields.put("createdAt", run.createdAt());
    fields.put("updatedAt", run.updatedAt());
    return fields;
  }

  private static Map<String, Object> ok() {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("ok", true);
    return answer;
  }

  private static Refused missing() {
    return new Refused(404, "not_found", "there is no such run");
  }
}

package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.store.Requests;
import ai.proompteng.jangar.store.RunRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks for the end of a run: its annotation says so, and whoever controls it does it. */
public final class RunCanceller {
  private static final ResourceType TYPE = ResourceType.of(Kind.AGENT_RUN);
  private static final String SOURCE = "v1.agent-runs";
  private static final int MAX_REASON = 1024;

  private final RunReader runs;
  private final Cluster cluster;
  private final Requests requests;

  public RunCanceller(RunReader runs, Cluster cluster, Requests requests) {
    this.runs = runs;
    this.cluster = cluster;
    this.requests = requests;
  }

  /** {@code {ok, agentRun}}; a run that is over is left as it is. */
  Answer cancel(Call call) {
    var key = call.requiredKey();
    var reason = reason(call.body());
    var run = runs.find(call.id(), call.query().only("namespace"), call.caller());
    if (!over(run)) {
      var asked = call.asked(SOURCE, run.namespace());
      requests.done(
          asked,
          "AgentRun",
          run.resourceUid(),
          "agent_run.cancel_requested",
          String.join("/", run.resourceUid(), "cancel", key),
          details(run, reason));
      Upstream.ask(() -> cluster.mergePatch(TYPE, at(run), patch(run, reason)))
          .orElseThrow(() -> ErrorCode.NOT_FOUND.refuse("there is no such run"));
    }
    return Answer.ok().with("agentRun", RunReader.record(run, true));
  }

  private boolean over(RunRecord run) {
    var phase =
        cluster
            .cached(TYPE, at(run))
            .filter(there -> there.getMetadata().getUid().equals(run.resourceUid()))
            .flatMap(RunObjects::phase)
            .orElse(run.status());
    return Phase.of(phase).filter(Phase::isFinal).isPresent();
  }

  private static Key at(RunRecord run) {
    return new Key(run.namespace(), run.externalRunId());
  }

  /** With the uid: another run of the same name is not meant. */
  private static Map<String, Object> patch(RunRecord run, String reason) {
    var annotations = new LinkedHashMap<String, Object>();
    annotations.put(WellKnown.CANCEL, "true");
    if (reason != null) {
      annotations.put(WellKnown.CANCEL_REASON, reason);
    }
    return Map.of("metadata", Map.of("uid", run.resourceUid(), "annotations", annotations));
  }

  private static String reason(byte[] body) {
    if (body == null || body.length == 0) {
      return null;
    }
    var reason = StrictJson.read(body, Wish.class).reason();
    if (reason != null && reason.length() > MAX_REASON) {
      throw ErrorCode.INVALID_FIELD.at("reason", "reason is longer than " + MAX_REASON);
    }
    return reason == null || reason.isBlank() ? null : reason.strip();
  }

  private static Map<String, Object> details(RunRecord run, String reason) {
    var details = new LinkedHashMap<String, Object>();
    details.put("agentRunName", run.externalRunId());
    details.put("agentRunUid", run.resourceUid());
    details.put("reason", reason);
    return details;
  }
}

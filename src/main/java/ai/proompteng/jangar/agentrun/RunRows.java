package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Event;
import ai.proompteng.jangar.store.RunRecord;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What PostgreSQL is told of a run: its row and its events (decision 33). Pure. */
final class RunRows {
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private RunRows() {}

  /** The run's row, with that status. */
  static RunRecord row(RunView view, AgentRunStatus status) {
    var run = view.run();
    var meta = run.metadata();
    var agent = run.spec().agentRef() == null ? null : run.spec().agentRef().name();
    var runtime = run.spec().runtime() == null ? null : run.spec().runtime().type();
    var payload = new LinkedHashMap<String, Object>();
    payload.put("resource", resource(run));
    payload.put("status", Decoder.mapper().convertValue(status, OBJECT));
    return new RunRecord(
        null,
        meta.namespace(),
        Optional.ofNullable(agent).orElse(""),
        view.idempotencyKey().orElse(meta.uid()),
        Optional.ofNullable(runtime).orElse(""),
        status.phase(),
        meta.name(),
        meta.uid(),
        payload,
        null,
        null);
  }

  /**
   * What happened, with where its work came from.
   *
   * @param task its ImplementationSpec, empty for an inline task or when it is gone
   */
  static Event event(
      String type, RunView view, AgentRunStatus status, Optional<RunView.Task> task, Instant now) {
    var meta = view.meta();
    return new Event(
        meta.uid() + "/" + status.phase(),
        type,
        now,
        meta.namespace(),
        Kind.AGENT_RUN.kind(),
        meta.name(),
        meta.uid(),
        status.phase(),
        status.reason() == null ? status.why() : status.reason(),
        status.why(),
        task.map(RunRows::source).orElse(null),
        task.map(found -> found.spec().labels()).orElse(List.of()),
        task.map(found -> labelSince(annotation(found, WellKnown.LABEL_SINCE))).orElse(Map.of()),
        annotation(task, WellKnown.SOURCE_CONTENT_HASH),
        version(annotation(task, WellKnown.SOURCE_VERSION)),
        Optional.ofNullable(status.artifacts()).orElse(List.of()).stream()
            .map(artifact -> Decoder.mapper().convertValue(artifact, OBJECT))
            .toList(),
        meta.traceId());
  }

  private static Map<String, Object> resource(Resource<AgentRunSpec, AgentRunStatus> run) {
    var resource = new LinkedHashMap<String, Object>();
    resource.put("apiVersion", Kind.AGENT_RUN.apiVersion());
    resource.put("kind", Kind.AGENT_RUN.kind());
    resource.put("metadata", Decoder.mapper().convertValue(run.metadata(), OBJECT));
    resource.put("spec", Decoder.mapper().convertValue(run.spec(), OBJECT));
    return resource;
  }

  private static Event.Source source(RunView.Task task) {
    var source = task.spec().source();
    if (source == null) {
      return null;
    }
    var labels = task.meta() == null ? Map.<String, String>of() : task.meta().labels();
    return new Event.Source(
        labels.get(WellKnown.IMPLEMENTATION_SOURCE),
        source.provider(),
        annotation(task, WellKnown.SOURCE_ID),
        source.externalId(),
        source.url());
  }

  private static String annotation(Optional<RunView.Task> task, String key) {
    return task.map(found -> annotation(found, key)).orElse(null);
  }

  private static String annotation(RunView.Task task, String key) {
    return task.meta() == null ? null : task.meta().annotations().get(key);
  }

  private static Map<String, String> labelSince(String json) {
    if (json == null) {
      return Map.of();
    }
    try {
      return Decoder.mapper().readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      return Map.of(); // somebody's own hand: as if it were not there
    }
  }

  private static Instant version(String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null; // somebody's own hand: as if it were not there
    }
  }
}

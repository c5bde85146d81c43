package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Ref;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Key;
import ai.proompteng.jangar.kube.Cluster;
import ai.proompteng.jangar.kube.ResourceType;
import ai.proompteng.jangar.runtime.RuntimeAdapter;
import ai.proompteng.jangar.store.Pauses;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a run and what it refers to, once: from the informers' stores, and live for what they
 * lack (decision 29).
 */
public final class RunLoader {
  private final Cluster cluster;
  private final RuntimeAdapter runtime;
  private final Pauses pauses;
  private final Clock clock;

  /** For whoever only asks what would be: a pause is no verdict. */
  public RunLoader(Cluster cluster, RuntimeAdapter runtime, Clock clock) {
    this(cluster, runtime, Pauses.NONE, clock);
  }

  public RunLoader(Cluster cluster, RuntimeAdapter runtime, Pauses pauses, Clock clock) {
    this.cluster = cluster;
    this.runtime = runtime;
    this.pauses = pauses;
    this.clock = clock;
  }

  /** What there is; empty when the run is gone. */
  Optional<RunView> load(Key key) {
    return cluster.cached(ResourceType.of(Kind.AGENT_RUN), key).map(this::view);
  }

  /** What a run would see that nobody has made yet: it has no work. */
  RunView imagine(GenericKubernetesResource object) {
    return referring(
        unmade(Decoder.decode(Kind.AGENT_RUN, object), Optional.empty(), clock.instant()));
  }

  /** The same with the ImplementationSpec as the server has it now: one GET. */
  RunView accept(RunView view) {
    var key = new Key(view.meta().namespace(), view.task().orElseThrow().name());
    return view.with(cluster.read(Kind.IMPLEMENTATION_SPEC, key).map(spec -> task(spec, true)));
  }

  /** The ImplementationSpec as it is remembered, for the record alone. No request. */
  Optional<RunView.Task> remembered(RunView view) {
    if (view.task().isPresent()) {
      return view.task();
    }
    var inline = view.spec().implementation();
    if (inline != null && inline.inline() != null) {
      return Optional.of(inline(inline.inline()));
    }
    try {
      return key(view.meta().namespace(), view.spec().implementationSpecRef())
          .flatMap(key -> cluster.cached(Kind.IMPLEMENTATION_SPEC, key))
          .map(spec -> task(spec, false));
    } catch (Decoder.Undecodable e) {
      return Optional.empty(); // an event without its source is better than none
    }
  }

  private RunView view(GenericKubernetesResource object) {
    var now = clock.instant();
    var attempt = Decoder.attempt(Kind.AGENT_RUN, object);
    return attempt.trouble().isPresent()
        ? bare(attempt.resource(), attempt.trouble(), now)
        : referring(bare(attempt.resource(), Optional.empty(), now));
  }

  private RunView referring(RunView bare) {
    var run = bare.run();
    if (run.metadata().deleting()
        || bare.template()
        || bare.finished()
        || bare.submitted().isPresent()) {
      return bare;
    }
    try {
      var namespace = run.metadata().namespace();
      var agent = look(Kind.AGENT, key(namespace, run.spec().agentRef()));
      var provider =
          look(
              Kind.AGENT_PROVIDER,
              agent.flatMap(found -> key(namespace, found.spec().providerRef())));
      return new RunView(
          run,
          agent,
          provider,
          task(run),
          bare.keyHolder(),
          bare.stray(),
          Optional.empty(),
          bare.cancelRequested() ? Optional.empty() : pauses.of(namespace),
          bare.now());
    } catch (Decoder.Undecodable e) {
      return unmade(run, Optional.of(e.getMessage()), bare.now()).straying(bare.stray());
    }
  }

  private RunView bare(
      Resource<AgentRunSpec, AgentRunStatus> run, Optional<String> undecodable, Instant now) {
    var meta = run.metadata();
    var mayStray = run.status().runtimeRef() == null; // made, and the status never said so
    var bare = unmade(run, undecodable, now);
    return mayStray ? bare.straying(runtime.find(meta.namespace(), meta.name(), meta.uid())) : bare;
  }

  private static RunView unmade(
      Resource<AgentRunSpec, AgentRunStatus> run, Optional<String> undecodable, Instant now) {
    return new RunView(
        run,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        undecodable,
        Optional.empty(),
        now);
  }

  private Optional<RunView.Task> task(Resource<AgentRunSpec, AgentRunStatus> run) {
    var given = run.spec().implementation();
    if (given != null && given.inline() != null) {
      return Optional.of(inline(given.inline()));
    }
    var key = key(run.metadata().namespace(), run.spec().implementationSpecRef());
    return key.flatMap(at -> cluster.cached(Kind.IMPLEMENTATION_SPEC, at))
        .map(spec -> task(spec, false))
        .or(
            () ->
                key.flatMap(at -> cluster.read(Kind.IMPLEMENTATION_SPEC, at))
                    .map(spec -> task(spec, true)));
  }

  private <S, T> Optional<Resource<S, T>> look(Kind<S, T> kind, Optional<Key> key) {
    return key.flatMap(at -> cluster.cached(kind, at).or(() -> cluster.read(kind, at)));
  }

  private static RunView.Task task(
      Resource<ImplementationSpecSpec, ImplementationSpecStatus> spec, boolean read) {
    return new RunView.Task(
        spec.metadata().name(), spec.spec(), spec.metadata(), spec.status().conditions(), read);
  }

  private static RunView.Task inline(ImplementationSpecSpec spec) {
    return new RunView.Task(null, spec, null, List.of(), true);
  }

  private static Optional<Key> key(String namespace, Ref ref) {
    return Ref.nameOf(ref).map(name -> new Key(namespace, name));
  }
}

package ai.proompteng.jangar.agentrun;

import static ai.proompteng.jangar.agentrun.RunView.text;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentRunSpec.Resources;
import ai.proompteng.jangar.api.AgentRunSpec.Volume;
import ai.proompteng.jangar.api.Artifact;
import ai.proompteng.jangar.core.TraceId;
import ai.proompteng.jangar.provider.Adapter;
import ai.proompteng.jangar.provider.Template;
import ai.proompteng.jangar.runtime.RunSpec;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts together what the runtime gets, of a run that nothing stands against. Pure. */
final class RunAssembly {
  private static final int TTL_LEAST = 300;
  private static final int TTL_MOST = 604_800;

  private RunAssembly() {}

  /** Everything the runtime needs. */
  static RunSpec spec(RunView run, RunnerDefaults defaults) {
    var documents = new RunDocuments(run, context(run), defaults);
    return new RunSpec(
        new RunSpec.Owner(
            run.meta().namespace(),
            run.meta().name(),
            run.meta().uid(),
            run.agent().orElseThrow().metadata().name(),
            run.provider().orElseThrow().metadata().name(),
            run.task().orElseThrow().name(),
            run.meta().traceId()),
        new RunSpec.Documents(documents.runJson(), documents.runnerJson(), files(run)),
        container(run, defaults),
        pod(run, defaults),
        limits(run, defaults));
  }

  /** Parameters as they are; never null. */
  static Map<String, String> parameters(RunView run) {
    var parameters = new TreeMap<String, String>();
    Optional.ofNullable(run.spec().parameters())
        .orElse(Map.of())
        .forEach((key, value) -> parameters.put(key, value == null ? "" : value));
    return parameters;
  }

  static List<String> secrets(RunView run) {
    return Optional.ofNullable(run.spec().secrets()).orElse(List.of()).stream().distinct().toList();
  }

  static List<Volume> volumes(RunView run) {
    var workload = run.spec().workload();
    return workload == null || workload.volumes() == null ? List.of() : workload.volumes();
  }

  /** The effective image; null when nobody names one. */
  static String image(RunView run, RunnerDefaults defaults) {
    var workload = run.spec().workload();
    var provider = provider(run).workload();
    return first(
        workload == null ? null : workload.image(),
        provider == null ? null : provider.image(),
        defaults.image());
  }

  static String serviceAccount(RunView run, RunnerDefaults defaults) {
    var config = RuntimeConfig.of(run);
    var provider = provider(run).workload();
    return first(
        config.text("serviceAccount"),
        config.text("serviceAccountName"),
        provider == null ? null : provider.serviceAccountName(),
        defaultServiceAccount(defaults));
  }

  static String defaultServiceAccount(RunnerDefaults defaults) {
    return first(defaults.serviceAccount(), "default");
  }

  /** The provider's input files, rendered. */
  static List<RunSpec.File> files(RunView run) {
    var context = context(run);
    return Optional.ofNullable(provider(run).inputFiles()).orElse(List.of()).stream()
        .map(
            file ->
                new RunSpec.File(
                    Template.render(Optional.ofNullable(file.path()).orElse(""), context),
                    Template.render(Optional.ofNullable(file.content()).orElse(""), context)))
        .toList();
  }

  /** The provider's declared artifacts, rendered. */
  static List<Artifact> artifacts(RunView run) {
    var context = context(run);
    return Optional.ofNullable(provider(run).outputArtifacts()).orElse(List.of()).stream()
        .map(
            declared ->
                new Artifact(
                    text(declared.name()),
                    rendered(declared.path(), context),
                    rendered(declared.key(), context),
                    rendered(declared.url(), context),
                    null,
                    null,
                    null,
                    null,
                    null))
        .toList();
  }

  private static RunSpec.Container container(RunView run, RunnerDefaults defaults) {
    var provider = provider(run);
    var context = context(run);
    var args =
        Optional.ofNullable(provider.argsTemplate()).orElse(List.of()).stream()
            .map(arg -> Template.render(arg, context))
            .toList();
    var workload = provider.workload();
    return new RunSpec.Container(
        image(run, defaults),
        Adapter.of(provider).binary(),
        args,
        env(run, context),
        secrets(run),
        volumes(run),
        resources(run, defaults),
        workload == null || workload.securityContext() == null
            ? Map.of()
            : workload.securityContext());
  }

  /** In the order of agentrun.md 4.4; a later value of a name takes the place of the earlier. */
  private static Map<String, String> env(RunView run, Map<String, Object> context) {
    var env = new LinkedHashMap<String, String>();
    env.put("AGENT_RUN_SPEC", RunDocuments.RUN_JSON);
    env.put("AGENT_RUNNER_SPEC_PATH", RunDocuments.RUNNER_JSON);
    var agent = run.agent().orElseThrow();
    Optional.ofNullable(agent.spec().env())
        .orElse(List.of())
        .forEach(set -> env.put(set.name(), Optional.ofNullable(set.value()).orElse("")));
    new TreeMap<>(Optional.ofNullable(provider(run).envTemplate()).orElse(Map.of()))
        .forEach(
            (name, value) -> env.put(name, value == null ? "" : Template.render(value, context)));
    env.put("AGENT_PROVIDER", run.provider().orElseThrow().metadata().name());
    env.put("AGENT_RUN_NAME", run.meta().name());
    env.put("AGENT_RUN_NAMESPACE", run.meta().namespace());
    env.put("AGENT_RUN_UID", run.meta().uid());
    env.put("AGENT_NAME", agent.metadata().name());
    env.put("TRACEPARENT", TraceId.traceparent(run.meta().traceId(), run.meta().uid()));
    return env;
  }

  private static RunSpec.Pod pod(RunView run, RunnerDefaults defaults) {
    var config = RuntimeConfig.of(run);
    var workload = provider(run).workload();
    var automount =
        workload != null && Boolean.TRUE.equals(workload.automountServiceAccountToken());
    var pullSecrets = config.imagePullSecrets();
    return new RunSpec.Pod(
        serviceAccount(run, defaults),
        automount,
        either(config.object("nodeSelector"), defaults.nodeSelector()),
        either(config.list("tolerations"), defaults.tolerations()),
        either(config.list("topologySpreadConstraints"), defaults.topologySpreadConstraints()),
        either(config.object("affinity"), defaults.affinity()),
        either(config.object("podSecurityContext"), defaults.podSecurityContext()),
        first(config.text("priorityClassName"), defaults.priorityClassName()),
        first(config.text("schedulerName"), defaults.schedulerName()),
        either(pullSecrets, defaults.imagePullSecrets()));
  }

  private static RunSpec.Limits limits(RunView run, RunnerDefaults defaults) {
    var config = RuntimeConfig.of(run);
    var backoff = config.number("backoffLimit");
    var ttl = config.number("ttlSecondsAfterFinished");
    int kept = ttl == null ? defaults.jobTtlSeconds() : ttl;
    return new RunSpec.Limits(
        Math.max(0, backoff == null ? defaults.backoffLimit() : backoff),
        timeoutSeconds(run),
        kept <= 0 ? null : Math.max(TTL_LEAST, Math.min(TTL_MOST, kept)));
  }

  /** How long the work may take; null for no limit. */
  static Integer timeoutSeconds(RunView run) {
    var asked = RuntimeConfig.of(run).number("timeoutSeconds");
    var agent = run.agent().map(found -> found.spec().defaults());
    return asked != null ? asked : agent.map(found -> found.timeoutSeconds()).orElse(null);
  }

  private static Resources resources(RunView run, RunnerDefaults defaults) {
    var requests = new TreeMap<String, String>();
    var limits = new TreeMap<String, String>();
    var workload = run.spec().workload();
    var provider = provider(run).workload();
    lay(requests, limits, defaults.resources());
    lay(requests, limits, provider == null ? null : provider.resources());
    var config = RuntimeConfig.of(run).object("resources");
    lay(
        requests,
        limits,
        new Resources(strings(config.get("requests")), strings(config.get("limits"))));
    lay(requests, limits, workload == null ? null : workload.resources());
    return new Resources(requests, limits);
  }

  private static void lay(
      Map<String, String> requests, Map<String, String> limits, Resources over) {
    if (over != null) {
      requests.putAll(Optional.ofNullable(over.requests()).orElse(Map.of()));
      limits.putAll(Optional.ofNullable(over.limits()).orElse(Map.of()));
    }
  }

  private static Map<String, String> strings(Object map) {
    var strings = new TreeMap<String, String>();
    if (map instanceof Map<?, ?> amounts) {
      amounts.forEach((key, value) -> strings.put(String.valueOf(key), String.valueOf(value)));
    }
    return strings;
  }

  /** The roots of the controller's templates (agentrun.md 3.2). */
  private static Map<String, Object> context(RunView run) {
    return RunDocuments.context(run);
  }

  private static AgentProviderSpec provider(RunView run) {
    return run.provider().orElseThrow().spec();
  }

  private static String rendered(String template, Map<String, Object> context) {
    return template == null ? null : text(Template.render(template, context));
  }

  private static <T extends Map<?, ?>> T either(T asked, T otherwise) {
    return asked.isEmpty() ? otherwise : asked;
  }

  private static <T> List<T> either(List<T> asked, List<T> otherwise) {
    return asked.isEmpty() ? otherwise : asked;
  }

  private static String first(String... candidates) {
    for (var candidate : candidates) {
      if (text(candidate) != null) {
        return text(candidate);
      }
    }
    return null;
  }
}

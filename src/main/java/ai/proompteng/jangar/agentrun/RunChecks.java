package ai.proompteng.jangar.agentrun;

import static ai.proompteng.jangar.agentrun.Check.notYet;
import static ai.proompteng.jangar.agentrun.Check.pass;
import static ai.proompteng.jangar.agentrun.Check.refuse;
import static ai.proompteng.jangar.agentrun.RunView.text;

import ai.proompteng.jangar.api.AgentRunSpec.Volume;
import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a run's own spec may have against it (agentrun.md 2.2, 2.4). Pure. */
final class RunChecks {
  private static final int MAX_PARAMETERS = 100;
  private static final int MAX_VALUE_BYTES = 2048;

  /** The names of the volumes that every pod has. */
  private static final String OUR_VOLUMES = "jangar-";

  private final RunnerDefaults defaults;

  RunChecks(RunnerDefaults defaults) {
    this.defaults = defaults;
  }

  List<Check> inOrder() {
    return List.of(
        this::name,
        this::runtimeType,
        this::notBuilt,
        this::parameters,
        this::config,
        this::volumes,
        this::podSecurity);
  }

  private Optional<RunStep> name(RunView run) {
    var name = run.meta().name();
    return name.length() <= Names.MAX_LENGTH
        ? pass()
        : refuse(
            Reason.NameTooLong,
            "metadata.name is longer than 63 characters, and labels carry it: " + name);
  }

  private Optional<RunStep> runtimeType(RunView run) {
    var type = run.spec().runtime() == null ? null : text(run.spec().runtime().type());
    if (type == null) {
      return refuse(Reason.MissingRuntime, "spec.runtime.type is missing");
    }
    return notYet(!type.equals("job"), "spec.runtime.type: " + type);
  }

  private Optional<RunStep> notBuilt(RunView run) {
    var spec = run.spec();
    if (spec.systemPrompt() != null || spec.systemPromptRef() != null) {
      var field = spec.systemPrompt() != null ? "spec.systemPrompt" : "spec.systemPromptRef";
      return refuse(
          Reason.SystemPromptOverrideNotAllowed, field + " is set, and only the Agent decides it");
    }
    return first(
        notYet(spec.workflow() != null, "spec.workflow"),
        notYet(spec.goal() != null, "spec.goal"),
        notYet(spec.memoryRef() != null, "spec.memoryRef"),
        notYet(spec.vcsRef() != null, "spec.vcsRef"),
        notYet(
            spec.vcsPolicy() != null && Boolean.TRUE.equals(spec.vcsPolicy().required()),
            "spec.vcsPolicy.required"));
  }

  private Optional<RunStep> parameters(RunView run) {
    var parameters = Optional.ofNullable(run.spec().parameters()).orElse(Map.of()).entrySet();
    if (parameters.size() > MAX_PARAMETERS) {
      return refuse(
          Reason.ParametersTooLarge, "spec.parameters has more than " + MAX_PARAMETERS + " keys");
    }
    for (var parameter : parameters) {
      var field = "spec.parameters." + parameter.getKey();
      if (parameter.getKey().equalsIgnoreCase("prompt")) {
        return refuse(
            Reason.ForbiddenParameterKey, field + " is not allowed: the task is the prompt");
      }
      var value = Optional.ofNullable(parameter.getValue()).orElse("");
      if (value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
        return refuse(
            Reason.ParameterValueTooLarge, field + " is longer than " + MAX_VALUE_BYTES + " bytes");
      }
    }
    return pass();
  }

  private Optional<RunStep> config(RunView run) {
    return RuntimeConfig.of(run)
        .malformed()
        .map(key -> "spec.runtime.config." + key + " has another shape than it must")
        .flatMap(message -> refuse(Reason.UnknownRuntimeConfig, message));
  }

  private Optional<RunStep> volumes(RunView run) {
    var workload = run.spec().workload();
    List<Volume> volumes =
        workload == null || workload.volumes() == null ? List.of() : workload.volumes();
    var names = new HashSet<String>();
    var paths = new HashSet<String>();
    for (int i = 0; i < volumes.size(); i++) {
      var volume = volumes.get(i);
      var field = "spec.workload.volumes[" + i + "]";
      if ("secret".equals(volume.type())) {
        return notYet(true, field + ".type: secret");
      }
      var fault = fault(volume);
      if (fault.isPresent()) {
        return refuse(Reason.InvalidVolume, field + fault.get());
      }
      if (!names.add(volume.name()) || !paths.add(volume.mountPath())) {
        return refuse(Reason.InvalidVolume, field + " repeats a name or a mountPath");
      }
    }
    return pass();
  }

  private static Optional<String> fault(Volume volume) {
    var name = text(volume.name());
    if (!"emptyDir".equals(volume.type()) && !"pvc".equals(volume.type())) {
      return Optional.of(".type is none of emptyDir, pvc, secret");
    }
    if (name == null || name.startsWith(OUR_VOLUMES)) {
      return Optional.of(".name is missing, or begins with " + OUR_VOLUMES);
    }
    if ("pvc".equals(volume.type()) && text(volume.claimName()) == null) {
      return Optional.of(".claimName is missing");
    }
    return MountPaths.volume(volume.mountPath())
        ? Optional.empty()
        : Optional.of(".mountPath is not a place that a volume may have");
  }

  private Optional<RunStep> podSecurity(RunView run) {
    var asked = RuntimeConfig.of(run).object("podSecurityContext");
    return PodSecurity.weakens(asked, defaults.podSecurityContext())
        .map(field -> "spec.runtime.config.podSecurityContext." + field)
        .flatMap(
            field ->
                refuse(Reason.PodSecurityNotAllowed, field + " is not allowed by Pod Security"));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static Optional<RunStep> first(Optional<RunStep>... found) {
    return Stream.of(found).flatMap(Optional::stream).findFirst();
  }
}

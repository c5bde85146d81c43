package ai.proompteng.jangar.agentrun;

import static ai.proompteng.jangar.agentrun.Check.pass;
import static ai.proompteng.jangar.agentrun.Check.refuse;

import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a run may have what it would get: image, secrets, service account, environment, files
 * (agentrun.md 3.6, 4.2 to 4.5). Pure.
 */
final class GrantChecks {
  private static final Set<String> FORBIDDEN_ENV =
      Set.of(
          "AGENT_RUNNER_SPEC_PATH",
          "AGENT_NAME",
          "LD_PRELOAD",
          "BASH_ENV",
          "PATH",
          "GIT_SSH_COMMAND",
          "JAVA_TOOL_OPTIONS");

  private final RunnerDefaults defaults;

  GrantChecks(RunnerDefaults defaults) {
    this.defaults = defaults;
  }

  List<Check> inOrder() {
    return List.of(
        this::image,
        this::providerSecurity,
        this::secrets,
        this::serviceAccount,
        this::environment,
        this::inputFiles);
  }

  private Optional<RunStep> image(RunView run) {
    return RunAssembly.image(run, defaults) == null
        ? refuse(
            Reason.MissingWorkloadImage,
            "Neither the run, nor its AgentProvider, nor the runner's defaults name an image")
        : pass();
  }

  private Optional<RunStep> providerSecurity(RunView run) {
    var workload = run.provider().orElseThrow().spec().workload();
    if (workload == null || workload.securityContext() == null) {
      return pass();
    }
    return PodSecurity.weakens(workload.securityContext(), Map.of())
        .map(field -> "AgentProvider.spec.workload.securityContext." + field)
        .flatMap(
            field ->
                refuse(Reason.PodSecurityNotAllowed, field + " is not allowed by Pod Security"));
  }

  private Optional<RunStep> secrets(RunView run) {
    var security = run.agent().orElseThrow().spec().security();
    if (security == null || security.allowedSecrets() == null) {
      return pass();
    }
    var wanted = new ArrayList<>(RunAssembly.secrets(run));
    wanted.addAll(RuntimeConfig.of(run).imagePullSecrets());
    return wanted.stream()
        .filter(name -> !security.allowedSecrets().contains(name))
        .findFirst()
        .flatMap(
            name -> refuse(Reason.SecretNotAllowed, "The Agent does not allow the Secret " + name));
  }

  private Optional<RunStep> serviceAccount(RunView run) {
    var security = run.agent().orElseThrow().spec().security();
    if (security == null || security.allowedServiceAccounts() == null) {
      return pass();
    }
    var effective = RunAssembly.serviceAccount(run, defaults);
    var allowed = security.allowedServiceAccounts();
    var fine =
        allowed.contains(effective)
            || allowed.isEmpty() && effective.equals(RunAssembly.defaultServiceAccount(defaults));
    return fine
        ? pass()
        : refuse(
            Reason.ServiceAccountNotAllowed,
            "The Agent does not allow the service account " + effective);
  }

  private Optional<RunStep> environment(RunView run) {
    var names = new TreeSet<String>();
    Optional.ofNullable(run.agent().orElseThrow().spec().env())
        .orElse(List.of())
        .forEach(env -> names.add(String.valueOf(env.name())));
    names.addAll(
        Optional.ofNullable(run.provider().orElseThrow().spec().envTemplate())
            .orElse(Map.of())
            .keySet());
    return names.stream()
        .filter(GrantChecks::forbidden)
        .findFirst()
        .flatMap(name -> refuse(Reason.EnvNotAllowed, "The variable " + name + " may not be set"));
  }

  private static boolean forbidden(String name) {
    return FORBIDDEN_ENV.contains(name)
        || name.startsWith("AGENT_RUN_")
        || name.startsWith("JANGAR_");
  }

  private Optional<RunStep> inputFiles(RunView run) {
    var paths = new HashSet<String>();
    for (var file : RunAssembly.files(run)) {
      if (!MountPaths.file(file.path())) {
        return refuse(Reason.InvalidInputFilePath, "An input file may not be at " + file.path());
      }
      if (!paths.add(file.path())) {
        return refuse(Reason.InvalidInputFilePath, "Two input files are at " + file.path());
      }
    }
    return RunAssembly.volumes(run).stream()
        .filter(volume -> paths.contains(volume.mountPath()))
        .findFirst()
        .flatMap(
            volume ->
                refuse(
                    Reason.InvalidVolume, "A volume covers the input file " + volume.mountPath()));
  }
}

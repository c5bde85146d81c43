package ai.proompteng.jangar.agentrun;

import static ai.proompteng.jangar.agentrun.Check.notYet;
import static ai.proompteng.jangar.agentrun.Check.pass;
import static ai.proompteng.jangar.agentrun.Check.refuse;
import static ai.proompteng.jangar.agentrun.RunView.text;

import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.implementation.SpecText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a run's task may have against it (agentrun.md 2.2, 3.3). Pure. */
final class TaskChecks {
  private static final Set<String> NO_LONGER_THERE = Set.of("SourceDeleted", "SourceTransferred");

  private final Patience patience;

  TaskChecks(Patience patience) {
    this.patience = patience;
  }

  List<Check> inOrder() {
    return List.of(
        this::task,
        this::stale,
        this::ready,
        this::source,
        this::notBuilt,
        this::words,
        this::contract);
  }

  private Optional<RunStep> task(RunView run) {
    if (run.task().isPresent()) {
      return pass();
    }
    var ref = run.spec().implementationSpecRef();
    return ref == null
        ? refuse(
            Reason.MissingImplementation,
            "Neither spec.implementation.inline nor spec.implementationSpecRef says what to do")
        : patience.dependency(
            run, Reason.MissingImplementation, "There is no ImplementationSpec " + ref.name());
  }

  private Optional<RunStep> stale(RunView run) {
    var task = run.task().orElseThrow();
    return Conditions.find(task.conditions(), "Stale")
        .filter(stale -> stale.holds() && NO_LONGER_THERE.contains(stale.reason()))
        .flatMap(
            stale ->
                refuse(
                    Reason.ImplementationStale,
                    "ImplementationSpec " + task.name() + " is stale: " + stale.reason()));
  }

  private Optional<RunStep> ready(RunView run) {
    var task = run.task().orElseThrow();
    return Conditions.find(task.conditions(), "Ready")
        .filter(ready -> "False".equals(ready.status()))
        .flatMap(
            ready ->
                patience.dependency(
                    run,
                    Reason.MissingImplementation,
                    "ImplementationSpec " + task.name() + " is not ready: " + ready.reason()));
  }

  private Optional<RunStep> source(RunView run) {
    var security = run.agent().orElseThrow().spec().security();
    if (security == null || security.allowedImplementationSourceProviders() == null) {
      return pass();
    }
    var source = run.task().orElseThrow().spec().source();
    var provider = source == null || text(source.provider()) == null ? "manual" : source.provider();
    var allowed =
        security.allowedImplementationSourceProviders().stream()
            .anyMatch(name -> lower(name).equals(lower(provider)));
    return allowed
        ? pass()
        : refuse(
            Reason.ImplementationSourceProviderNotAllowed,
            "The Agent takes no work from source provider " + provider);
  }

  private Optional<RunStep> notBuilt(RunView run) {
    var task = run.task().orElseThrow();
    var field = task.name() == null ? "spec.implementation.inline" : "ImplementationSpec.spec";
    return notYet(task.spec().vcsRef() != null, field + ".vcsRef");
  }

  private Optional<RunStep> words(RunView run) {
    var task = run.task().orElseThrow();
    var nothing =
        SpecText.prepare(task.spec().text()).isEmpty() && text(task.spec().summary()) == null;
    return task.read() && nothing
        ? refuse(Reason.MissingText, "The implementation says nothing: its text is blank")
        : pass();
  }

  private Optional<RunStep> contract(RunView run) {
    var task = run.task().orElseThrow().spec();
    if (Contract.malformed(task)) {
      return refuse(Reason.InvalidContract, "The contract has a blank key or half a mapping");
    }
    var contract = Contract.of(RunAssembly.parameters(run), task);
    var missing = contract.missingKeys();
    // what the text's absence hides is asked again once it is here
    return missing.isEmpty() || !run.task().orElseThrow().read()
        ? pass()
        : Optional.of(
            new RunStep.Refuse(
                Reason.MissingRequiredMetadata,
                "The contract asks for " + String.join(", ", missing) + ", which nobody gives",
                contract.status()));
  }

  private static String lower(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}

package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RunnerDefaults;
import ai.proompteng.jangar.runtime.RuntimeRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what a run needs next. It only thinks; the route around it acts. */
public final class AgentRunReconciler {
  /** What a ConfigMap may hold, keys and values together. */
  private static final int MAX_PAYLOAD = 1024 * 1024;

  private final RunOptions options;
  private final RunnerDefaults defaults;
  private final List<Check> checks;

  public AgentRunReconciler(RunOptions options, RunnerDefaults defaults) {
    this.options = options;
    this.defaults = defaults;
    var patience = new Patience(options.dependencyGrace());
    checks =
        Stream.of(
                List.<Check>of(run -> undecodable(run, patience)),
                new RunChecks(defaults).inOrder(),
                new AgentChecks(patience).inOrder(),
                new TaskChecks(patience).inOrder().subList(0, 1),
                new GrantChecks(defaults).inOrder(),
                new TaskChecks(patience).inOrder())
            .flatMap(List::stream)
            .toList();
  }

  /** The first thing of agentrun.md 2.2 that is still to be done. */
  public RunStep next(RunView run) {
    if (run.meta().deleting()) {
      return run.guarded() ? new RunStep.Release(run.work()) : new RunStep.Rest();
    }
    if (run.template()) {
      var shelved = run.phase().filter(phase -> phase == Phase.Template).isPresent();
      return shelved && !run.guarded() ? new RunStep.Rest() : new RunStep.Shelve(run.work());
    }
    if (run.finished()) {
      return settled(run) ? new RunStep.Rest() : new RunStep.Settle(late(run));
    }
    if (edited(run)) {
      return new RunStep.Fail(
          run.submitted().orElseThrow(),
          Reason.SpecImmutableViolation,
          "The spec was edited after the run was accepted");
    }
    if (!run.guarded()) {
      return new RunStep.Guard(); // before anything exists that a deletion would have to undo
    }
    return RunCancels.next(run)
        .orElseGet(
            () ->
                run.submitted()
                    .<RunStep>map(RunStep.Observe::new)
                    .orElseGet(() -> unsubmitted(run)));
  }

  private RunStep unsubmitted(RunView run) {
    if (options.idempotent() && run.idempotencyKey().isPresent()) {
      if (run.keyHolder().isEmpty()) {
        return new RunStep.Reserve(run.idempotencyKey().get());
      }
      var holder = run.keyHolder().get();
      if (!holder.runUid().equals(run.meta().uid())) {
        return new RunStep.Refuse(
            holder.finished() ? Reason.IdempotencyKeyCompleted : Reason.IdempotencyKeyInUse,
            "The idempotency key belongs to run " + holder.runName());
      }
    }
    return against(run).or(() -> RunPauses.against(run)).orElseGet(() -> accepted(run));
  }

  /** What stands against the run itself, whoever asks and wherever it stands; else its work. */
  RunStep judge(RunView run) {
    return against(run).orElseGet(() -> accepted(run));
  }

  private Optional<RunStep> against(RunView run) {
    return checks.stream().flatMap(check -> check.against(run).stream()).findFirst();
  }

  private RunStep accepted(RunView run) {
    var task = run.task().orElseThrow();
    if (!task.read()) {
      return new RunStep.Accept();
    }
    var spec = RunAssembly.spec(run, defaults);
    if (spec.documents().bytes() > MAX_PAYLOAD) {
      return new RunStep.Refuse(
          Reason.PayloadTooLarge, "run.json, agent-runner.json and input files exceed 1 MiB");
    }
    var contract = Contract.of(RunAssembly.parameters(run), task.spec());
    return new RunStep.Submit(
        spec,
        new RunOutcome.Started(
            null, SpecHash.of(run.spec()), RunAssembly.artifacts(run), contract.status()));
  }

  private static Optional<RunStep> undecodable(RunView run, Patience patience) {
    return run.undecodable()
        .flatMap(message -> patience.dependency(run, Reason.Undecodable, message));
  }

  private boolean edited(RunView run) {
    return options.immutable()
        && run.undecodable().isEmpty() // what cannot be read cannot be compared
        && run.submitted().isPresent()
        && SpecHash.differs(run.run().status().specHash(), run.spec());
  }

  /** What a request that was not answered may have made after the run was cancelled. */
  private static Optional<RuntimeRef> late(RunView run) {
    return run.stray()
        .filter(work -> Reason.UserRequested.name().equals(run.run().status().reason()));
  }

  private boolean settled(RunView run) {
    return Optional.ofNullable(run.run().status().finishedAt())
        .filter(at -> at.plus(options.settleFor()).isBefore(run.now()))
        .isPresent();
  }
}

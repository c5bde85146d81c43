package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.Ref;
import ai.proompteng.jangar.core.Reason;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/**
 * Asks the reconciler early what it would say of a run that nobody has made yet (decision 6): what
 * it would refuse is refused now; what it would wait for is made, and waits.
 */
public final class RunJudge {
  private final RunLoader loader;
  private final AgentRunReconciler reconciler;

  public RunJudge(RunLoader loader, AgentRunReconciler reconciler) {
    this.loader = loader;
    this.reconciler = reconciler;
  }

  /** What stands against a run. */
  public sealed interface Ruling {

    /**
     * It names something that is not there: waiting is what a run does, not who asks for one.
     *
     * @param kind of what is missing
     */
    record Missing(Reason reason, String kind, String name) implements Ruling {}

    /** It would end Failed, by that reason. */
    record Refused(Reason reason, String message) implements Ruling {}
  }

  /**
   * What the run comes to.
   *
   * @param ruling empty when nothing stands against it
   * @param provider the name of its AgentProvider; null when that is not known
   * @param image what its container would run; null when that is not known
   */
  public record Judgement(Optional<Ruling> ruling, String provider, String image) {}

  /**
   * Throws {@link ai.proompteng.jangar.core.Unreachable} when what it names can neither be found in
   * the caches nor asked for.
   */
  public Judgement judge(GenericKubernetesResource run) {
    var view = loader.imagine(run);
    var step = reconciler.judge(view);
    if (step instanceof RunStep.Accept) {
      view = loader.accept(view);
      step = reconciler.judge(view);
    }
    var provider = view.provider().map(found -> found.metadata().name()).orElse(null);
    var image = step instanceof RunStep.Submit submit ? submit.spec().container().image() : null;
    return new Judgement(ruling(view, step), provider, image);
  }

  private static Optional<Ruling> ruling(RunView view, RunStep step) {
    if (step instanceof RunStep.Refuse refuse && !isAbout(refuse.reason())) {
      return Optional.of(new Ruling.Refused(refuse.reason(), refuse.message()));
    }
    var missing = step instanceof RunStep.Submit ? Optional.<Ruling>empty() : missing(view);
    return missing.isEmpty() && step instanceof RunStep.Refuse refuse
        ? Optional.of(new Ruling.Refused(refuse.reason(), refuse.message()))
        : missing;
  }

  /** Reasons for which a run first waits. */
  private static boolean isAbout(Reason reason) {
    return reason == Reason.MissingAgent
        || reason == Reason.MissingProvider
        || reason == Reason.MissingImplementation;
  }

  private static Optional<Ruling> missing(RunView view) {
    if (view.undecodable().isPresent()) {
      return Optional.empty(); // what it names is there
    }
    if (view.agent().isEmpty()) {
      return missing(Reason.MissingAgent, "Agent", view.spec().agentRef());
    }
    if (view.provider().isEmpty()) {
      var ref = view.agent().get().spec().providerRef();
      return missing(Reason.MissingProvider, "AgentProvider", ref);
    }
    return view.task().isEmpty()
        ? missing(
            Reason.MissingImplementation, "ImplementationSpec", view.spec().implementationSpecRef())
        : Optional.empty();
  }

  private static Optional<Ruling> missing(Reason reason, String kind, Ref ref) {
    return Ref.nameOf(ref).map(name -> new Ruling.Missing(reason, kind, name));
  }
}

package ai.proompteng.jangar.agentrun;

import static ai.proompteng.jangar.agentrun.Check.notYet;
import static ai.proompteng.jangar.agentrun.Check.pass;
import static ai.proompteng.jangar.agentrun.Check.refuse;
import static ai.proompteng.jangar.agentrun.RunChecks.first;
import static ai.proompteng.jangar.agentrun.RunView.text;

import ai.proompteng.jangar.api.AgentSpec;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.provider.Adapter;
import ai.proompteng.jangar.provider.NotBuilt;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a run's Agent and its AgentProvider may have against it (agentrun.md 2.2, 3.1). Pure. */
final class AgentChecks {
  private final Patience patience;

  AgentChecks(Patience patience) {
    this.patience = patience;
  }

  List<Check> inOrder() {
    return List.of(
        this::agent,
        this::provider,
        this::agentNotBuilt, // waiting would not build it
        this::providerNotBuilt,
        this::adapter,
        this::providerReady,
        this::agentReady);
  }

  private Optional<RunStep> agent(RunView run) {
    if (run.agent().isPresent()) {
      return pass();
    }
    var ref = run.spec().agentRef();
    var name = ref == null ? null : ref.name();
    return patience.dependency(run, Reason.MissingAgent, "There is no Agent " + name);
  }

  private Optional<RunStep> provider(RunView run) {
    if (run.provider().isPresent()) {
      return pass();
    }
    var name = run.agent().map(agent -> agent.spec().providerRef()).map(ref -> ref.name());
    return patience.dependency(
        run, Reason.MissingProvider, "There is no AgentProvider " + name.orElse(null));
  }

  private Optional<RunStep> agentReady(RunView run) {
    var agent = run.agent().orElseThrow();
    return notReady(run, "Agent " + agent.metadata().name(), agent.status().conditions());
  }

  private Optional<RunStep> providerReady(RunView run) {
    var provider = run.provider().orElseThrow();
    return notReady(
        run, "AgentProvider " + provider.metadata().name(), provider.status().conditions());
  }

  /** What has not been judged yet is judged here; what was found wanting is waited for. */
  private Optional<RunStep> notReady(RunView run, String who, List<Condition> conditions) {
    return Conditions.find(conditions, "Ready")
        .filter(ready -> "False".equals(ready.status()))
        .flatMap(
            ready ->
                patience.dependency(
                    run,
                    reason(ready.reason()),
                    who + " is not ready: " + ready.reason() + " " + ready.message()));
  }

  private static Reason reason(String word) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.name().equals(word))
        .filter(reason -> reason != Reason.NotReady)
        .findFirst()
        .orElse(Reason.ProviderNotReady);
  }

  private Optional<RunStep> agentNotBuilt(RunView run) {
    AgentSpec agent = run.agent().orElseThrow().spec();
    var defaults = agent.defaults();
    return first(
        notYet(agent.configSchemaRef() != null, "Agent.spec.configSchemaRef"),
        notYet(agent.memoryRef() != null, "Agent.spec.memoryRef"),
        notYet(agent.vcsRef() != null, "Agent.spec.vcsRef"),
        notYet(
            defaults != null && text(defaults.systemPrompt()) != null,
            "Agent.spec.defaults.systemPrompt"),
        notYet(
            defaults != null && defaults.systemPromptRef() != null,
            "Agent.spec.defaults.systemPromptRef"));
  }

  private Optional<RunStep> providerNotBuilt(RunView run) {
    return NotBuilt.field(run.provider().orElseThrow().spec())
        .flatMap(field -> notYet(true, "AgentProvider." + field));
  }

  private Optional<RunStep> adapter(RunView run) {
    return Adapter.of(run.provider().orElseThrow().spec()).execBinary() == null
        ? refuse(
            Reason.MissingBinary,
            "AgentProvider.spec.adapter.exec.binary is missing, and the runner is no agent")
        : pass();
  }
}

package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.api.AgentRunSpec;
import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.AgentSpec;
import ai.proompteng.jangar.api.AgentStatus;
import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Phase;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.runtime.RuntimeRef;
import ai.proompteng.jangar.store.Pauses.Pause;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was seen of a run and of what it refers to, at one moment. What a pass has no use for is
 * left empty.
 *
 * @param task what it is to do
 * @param keyHolder who holds its idempotency key; empty until that was asked
 * @param stray work of this run that its status does not name
 * @param undecodable why the run or something it refers to cannot be read
 * @param paused what holds its namespace; empty too where it is not to be submitted now
 */
public record RunView(
    Resource<AgentRunSpec, AgentRunStatus> run,
    Optional<Resource<AgentSpec, AgentStatus>> agent,
    Optional<Resource<AgentProviderSpec, AgentProviderStatus>> provider,
    Optional<Task> task,
    Optional<KeyHolder> keyHolder,
    Optional<RuntimeRef> stray,
    Optional<String> undecodable,
    Optional<Pause> paused,
    Instant now) {

  /**
   * What is to be done.
   *
   * @param name of the ImplementationSpec; null for a task given inline
   * @param meta of the ImplementationSpec; null for a task given inline
   * @param conditions of the ImplementationSpec
   * @param read true when the text is here: read just now, or given inline
   */
  public record Task(
      String name,
      ImplementationSpecSpec spec,
      Meta meta,
      List<Condition> conditions,
      boolean read) {}

  /** The run that holds the key; {@code finished} once it is final. */
  public record KeyHolder(String runName, String runUid, boolean finished) {}

  public Meta meta() {
    return run.metadata();
  }

  public AgentRunSpec spec() {
    return run.spec();
  }

  public Optional<Phase> phase() {
    return Phase.of(run.status().phase());
  }

  public boolean finished() {
    return phase().filter(Phase::isFinal).isPresent();
  }

  public boolean guarded() {
    return meta().finalizers().contains(WellKnown.RUNTIME_CLEANUP);
  }

  public boolean template() {
    return "true".equals(meta().annotations().get(WellKnown.TEMPLATE));
  }

  /** True when somebody wants it stopped for good, also when they have thought better of it. */
  public boolean cancelRequested() {
    return "true".equals(meta().annotations().get(WellKnown.CANCEL))
        || cancelAnnounced().isPresent();
  }

  /** Since when its status has said that it is being cancelled. */
  public Optional<Instant> cancelAnnounced() {
    return Conditions.find(run.status().conditions(), Phase.Cancelled.name())
        .filter(condition -> Reason.CancelRequested.name().equals(condition.reason()))
        .map(condition -> Objects.requireNonNullElse(condition.lastTransitionTime(), now));
  }

  /** Where its work is, by its status. */
  public Optional<RuntimeRef> submitted() {
    return Optional.ofNullable(RuntimeRef.of(run.status().runtimeRef()));
  }

  /** Where its work is, by its status or by what lies about. */
  public Optional<RuntimeRef> work() {
    return submitted().or(this::stray);
  }

  /** What keeps one of its issues apart from a repetition; {@code deliveryId} stands in for it. */
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(text(spec().idempotencyKey()))
        .or(() -> Optional.ofNullable(text(spec().deliveryId())));
  }

  /** Since when it has been held for that reason; now, when it has not. */
  public Instant heldSince(Reason reason) {
    return Conditions.find(run.status().conditions(), "Blocked")
        .filter(Condition::holds)
        .filter(blocked -> reason.name().equals(blocked.reason()))
        .map(Condition::lastTransitionTime)
        .orElse(now);
  }

  RunView with(Resource<AgentRunSpec, AgentRunStatus> changed) {
    return new RunView(changed, agent, provider, task, keyHolder, stray, undecodable, paused, now);
  }

  RunView with(Optional<Task> found) {
    return new RunView(run, agent, provider, found, keyHolder, stray, undecodable, paused, now);
  }

  RunView straying(Optional<RuntimeRef> found) {
    return new RunView(run, agent, provider, task, keyHolder, found, undecodable, paused, now);
  }

  RunView pausedBy(Optional<Pause> pause) {
    return new RunView(run, agent, provider, task, keyHolder, stray, undecodable, pause, now);
  }

  RunView with(KeyHolder holder) {
    return new RunView(
        run, agent, provider, task, Optional.of(holder), stray, undecodable, paused, now);
  }

  /** The text trimmed; null when it is blank (agentrun.md 0). */
  static String text(String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}

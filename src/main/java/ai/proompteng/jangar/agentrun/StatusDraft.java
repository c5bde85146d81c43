package ai.proompteng.jangar.agentrun;

import ai.proompteng.jangar.api.AgentRunStatus;
import ai.proompteng.jangar.api.Artifact;
import ai.proompteng.jangar.artifact.ArtifactList;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.StandardConditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A status in the making: begins as what stands there, ends with the derived conditions. */
final class StatusDraft {
  private static final Set<String> DERIVED =
      Set.of(StandardConditions.READY, StandardConditions.PROGRESSING, StandardConditions.DEGRADED);

  private final AgentRunStatus old;
  private final Instant now;
  private final List<Condition> said = new ArrayList<>();

  String phase;
  String reason;
  String message;
  String why;
  Map<String, Object> runtimeRef;
  Instant startedAt;
  Instant finishedAt;
  List<Artifact> artifacts;
  Map<String, Object> runner;
  AgentRunStatus.Contract contract;
  String specHash;
  Long observedGeneration;

  /**
   * @param now in whole seconds
   */
  StatusDraft(AgentRunStatus old, Instant now) {
    this.old = old;
    this.now = now;
    phase = old.phase();
    reason = old.reason();
    message = old.message();
    why = old.why();
    runtimeRef = old.runtimeRef();
    startedAt = old.startedAt();
    finishedAt = old.finishedAt();
    artifacts = Optional.ofNullable(old.artifacts()).orElse(List.of());
    runner = old.runner();
    contract = old.contract();
    specHash = old.specHash();
    observedGeneration = old.observedGeneration();
  }

  void say(Condition condition) {
    said.removeIf(earlier -> earlier.type().equals(condition.type()));
    said.add(condition);
  }

  void notBlocked() {
    say(Condition.no("Blocked", Reason.NotBlocked, ""));
  }

  /** What stood there, with what has been said so far over it. */
  List<Condition> conditions() {
    return Conditions.merge(old.conditions(), said, now);
  }

  void artifacts(ArtifactList list) {
    artifacts = list.kept();
    say(
        list.reason()
            .map(first -> Condition.yes("ArtifactsLimited", first, list.message()))
            .orElse(Condition.no("ArtifactsLimited", Reason.WithinLimits, "")));
  }

  void finished(Instant at) {
    if (finishedAt == null) {
      finishedAt = at == null ? now : at;
    }
    notBlocked();
    say(Condition.no("InProgress", Reason.Finished, ""));
  }

  AgentRunStatus build() {
    return new AgentRunStatus(
        phase,
        reason,
        cut(message),
        why,
        runtimeRef,
        startedAt,
        finishedAt,
        now,
        artifacts.isEmpty() ? null : artifacts,
        runner,
        old.workflow(),
        contract,
        old.vcs(),
        old.systemPromptHash(),
        specHash,
        derived(),
        observedGeneration);
  }

  /** All conditions, with those that follow from the phase and the others. */
  private List<Condition> derived() {
    var own =
        conditions().stream()
            .filter(
                condition -> !DERIVED.contains(condition.type()) || said.contains(plain(condition)))
            .map(StatusDraft::plain)
            .toList();
    return Conditions.merge(old.conditions(), StandardConditions.derive(phase, own), now);
  }

  private static Condition plain(Condition stamped) {
    return new Condition(
        stamped.type(), stamped.status(), stamped.reason(), stamped.message(), null);
  }

  private static String cut(String text) {
    return text == null || text.codePointCount(0, text.length()) <= Conditions.MAX_MESSAGE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Conditions.MAX_MESSAGE));
  }
}

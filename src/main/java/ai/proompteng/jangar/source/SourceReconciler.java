package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.ImplementationSourceSpec;
import ai.proompteng.jangar.api.ImplementationSourceStatus.LastWebhook;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges whether work can come from an ImplementationSource (integrations-and-helm.md 1.7). It only
 * thinks.
 */
public final class SourceReconciler {
  static final String ERROR = "Error";
  static final String SYNCING = "Syncing";

  /** Secrets are not watched: how long after one was missing it is looked for again. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final int maxAttempts;

  /**
   * @param maxAttempts after so many failed attempts a delivery is given up
   */
  public SourceReconciler(int maxAttempts) {
    this.maxAttempts = maxAttempts;
  }

  /**
   * What was judged.
   *
   * @param said each condition of the source's own, True or False
   * @param lookAgain when to look again, because what is missing does not ring
   */
  public record Judgement(List<Condition> said, Optional<Duration> lookAgain) {}

  /** All that is to be said of the source. */
  public Judgement judge(SourceView view) {
    var verdict = verdict(view);
    var synced = view.lastWebhook().filter(last -> "synced".equals(last.status())).isPresent();
    var said =
        new ArrayList<>(
            Verdict.conditions(verdict, synced ? Reason.WebhookSynced : Reason.WebhookReady));
    said.add(Condition.no(SYNCING, Reason.Idle, ""));
    said.add(error(view));
    return new Judgement(List.copyOf(said), verdict.flatMap(SourceReconciler::lookAgain));
  }

  private static Optional<Verdict> verdict(SourceView view) {
    if (view.undecodable().isPresent()) {
      return Verdict.invalid(Reason.Undecodable, view.undecodable().get());
    }
    var spec = view.source().spec();
    return provider(spec)
        .or(() -> SourceScope.verdict(spec))
        .or(() -> secrets(view))
        .or(() -> mode(view));
  }

  private static Optional<Verdict> provider(ImplementationSourceSpec spec) {
    var provider = spec.provider() == null ? "" : spec.provider().trim();
    return switch (provider) {
      case "" -> Verdict.invalid(Reason.MissingProvider, "spec.provider is missing");
      case "github" -> Optional.empty();
      case "linear" -> Verdict.notSupportedYet("spec.provider: linear");
      default ->
          Verdict.invalid(Reason.UnsupportedProvider, "spec.provider " + provider + " is unknown");
    };
  }

  private static Optional<Verdict> secrets(SourceView view) {
    var spec = view.source().spec();
    var token = SourceSecrets.token(spec);
    if (token.isEmpty()) {
      return Verdict.invalid(Reason.MissingSecretRef, "spec.auth.secretRef.name is missing");
    }
    for (var key : SourceSecrets.signing(spec)) {
      var trouble = trouble(key, view.secrets().get(key));
      if (trouble.isPresent()) {
        return trouble;
      }
    }
    var signed =
        !SourceSecrets.signing(spec).isEmpty() || view.found(SourceSecrets.besideToken(spec));
    var seen = view.secrets().get(token.get());
    // without an API token a source that can verify what is pushed to it is still of use
    return signed && seen == SourceView.Seen.NO_KEY ? Optional.empty() : trouble(token.get(), seen);
  }

  private static Optional<Verdict> trouble(SourceSecrets.SecretKey key, SourceView.Seen seen) {
    if (seen == SourceView.Seen.NO_SECRET) {
      return Verdict.unreachable(
          Reason.SecretNotFound, key.field() + ": there is no Secret " + key.name());
    }
    return seen == SourceView.Seen.NO_KEY
        ? Verdict.invalid(
            Reason.SecretKeyMissing,
            key.field() + ": Secret " + key.name() + " has no value at key " + key.key())
        : Optional.empty();
  }

  private static Optional<Verdict> mode(SourceView view) {
    return view.webhookEnabled()
        ? Optional.empty()
        : Verdict.notReady(
            Reason.WebhookDisabled, "spec.webhook.enabled is false: nothing is imported");
  }

  private static Optional<Duration> lookAgain(Verdict verdict) {
    return switch (verdict.reason()) {
      case SecretNotFound, SecretKeyMissing -> Optional.of(LOOK_AGAIN);
      default -> Optional.empty();
    };
  }

  private Condition error(SourceView view) {
    var status = view.lastWebhook().map(LastWebhook::status).orElse("");
    return switch (status) {
      case "failed" -> Condition.yes(ERROR, failure(view.lastWebhook().get()), why(view));
      case "retrying" -> Condition.yes(ERROR, Reason.WebhookFailed, why(view));
      default -> Condition.no(ERROR, calm(view), "");
    };
  }

  private Reason failure(LastWebhook last) {
    int attempts = last.attempts() == null ? 0 : last.attempts();
    if (attempts == 0) {
      return Reason.InvalidPayload; // given up before anything was tried
    }
    return attempts >= maxAttempts ? Reason.WebhookExhausted : Reason.WebhookFailed;
  }

  private static String why(SourceView view) {
    var last = view.lastWebhook().get();
    return "delivery " + last.deliveryId() + ": " + (last.error() == null ? "" : last.error());
  }

  /** {@code Recovered} from the first success after an error on. */
  private static Reason calm(SourceView view) {
    var old = Conditions.find(view.source().status().conditions(), ERROR);
    var erred = old.filter(e -> e.holds() || e.reason().equals(Reason.Recovered.name()));
    return erred.isPresent() ? Reason.Recovered : Reason.None;
  }
}

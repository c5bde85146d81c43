package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.ImplementationSpecSpec;
import ai.proompteng.jangar.api.ImplementationSpecStatus;
import ai.proompteng.jangar.api.WellKnown;
import ai.proompteng.jangar.core.Condition;
import ai.proompteng.jangar.core.Conditions;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.StandardConditions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an ImplementationSpec's status says (agentrun.md 1.8, integrations-and-helm.md 1.10). */
public final class SpecStatuses {
  static final String STALE = "Stale";
  static final String WARNING = "Warning";

  private static final int MAX_DESCRIPTION_BYTES = 131_072;
  private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");
  private static final Pattern GITHUB_ID = Pattern.compile("([^/\\s#]+/[^/\\s#]+)#([0-9]+)");
  private static final Pattern LINEAR_ID = Pattern.compile("[A-Za-z][A-Za-z0-9]*-[0-9]+");

  private record Trouble(Reason reason, String message) {}

  private SpecStatuses() {}

  /** The complete status; each condition keeps its transition time while its status stays. */
  public static ImplementationSpecStatus of(SpecView view) {
    var said = StandardConditions.derive(null, conditions(view));
    return new ImplementationSpecStatus(
        Conditions.merge(view.status().conditions(), said, view.now()),
        view.meta().generation(),
        view.now(),
        syncedAt(view),
        view.annotation(WellKnown.SOURCE_VERSION).orElse(null));
  }

  /** True when the spec can be worked on as it is. */
  static boolean isReady(SpecView view) {
    return trouble(view).isEmpty();
  }

  /** Why the spec's source does not fit what it was imported from, if so. */
  static Optional<String> inconsistency(SpecView view) {
    var source = view.spec().source();
    var label = view.meta().labels().get(WellKnown.SOURCE_PROVIDER);
    if (source == null) {
      return Optional.ofNullable(label).map(l -> "spec.source is absent, imported from " + l);
    }
    if (label != null && !label.equals(source.provider())) {
      return Optional.of("spec.source.provider is not " + label + ", which it was imported from");
    }
    if (!idFits(source)) {
      return Optional.of("spec.source.externalId is none of " + source.provider());
    }
    return urlFits(source)
        ? Optional.empty()
        : Optional.of("spec.source.url is not that of " + source.externalId());
  }

  private static List<Condition> conditions(SpecView view) {
    var trouble = trouble(view);
    var fine = view.imported() ? Reason.Synced : Reason.ValidSpec;
    return List.of(
        trouble
            .map(t -> Condition.no(StandardConditions.READY, t.reason(), t.message()))
            .orElseGet(() -> Condition.yes(StandardConditions.READY, fine, "")),
        trouble
            .map(t -> Condition.yes(StandardConditions.INVALID_SPEC, t.reason(), t.message()))
            .orElseGet(() -> Condition.no(StandardConditions.INVALID_SPEC, Reason.ValidSpec, "")),
        Condition.no(StandardConditions.UNREACHABLE, Reason.Reachable, ""),
        stale(view),
        inconsistency(view)
            .map(why -> Condition.yes(WARNING, Reason.InconsistentSource, why))
            .orElseGet(() -> Condition.no(WARNING, Reason.None, "")));
  }

  private static Condition stale(SpecView view) {
    return view.staleReason()
        .map(reason -> REASON.matcher(reason).matches() ? reason : Reason.OutOfScope.name())
        .map(reason -> new Condition(STALE, "True", reason, staleMessage(view), null))
        .orElseGet(() -> Condition.no(STALE, Reason.InSync, ""));
  }

  private static String staleMessage(SpecView view) {
    return view.annotation(WellKnown.MOVED_TO).map(to -> "moved to " + to).orElse("");
  }

  /** The first of an import's, else what stands, else the first time that it was found valid. */
  private static Instant syncedAt(SpecView view) {
    return view.annotation(WellKnown.SYNCED_AT)
        .flatMap(Versions::parse)
        .or(() -> Optional.ofNullable(view.status().syncedAt()))
        .or(() -> isReady(view) ? Optional.of(view.now()) : Optional.empty())
        .orElse(null);
  }

  private static Optional<Trouble> trouble(SpecView view) {
    if (view.trouble().isPresent()) {
      return trouble(Reason.Undecodable, view.trouble().get());
    }
    var spec = view.spec();
    if (view.textBlank()) {
      return trouble(Reason.MissingText, "spec.text is empty");
    }
    if (view.textBytes() > SpecText.MAX_TEXT_BYTES) {
      return tooLarge(Reason.TextTooLarge, "spec.text", SpecText.MAX_TEXT_BYTES + " bytes");
    }
    if (length(spec.summary()) > SpecText.MAX_SUMMARY) {
      return tooLarge(Reason.SummaryTooLong, "spec.summary", SpecText.MAX_SUMMARY + " characters");
    }
    if (spec.description() != null && SpecText.bytes(spec.description()) > MAX_DESCRIPTION_BYTES) {
      return tooLarge(
          Reason.DescriptionTooLarge, "spec.description", MAX_DESCRIPTION_BYTES + " bytes");
    }
    if (size(spec.acceptanceCriteria()) > AcceptanceCriteria.MAX_ITEMS) {
      return tooLarge(
          Reason.AcceptanceCriteriaTooLong,
          "spec.acceptanceCriteria",
          AcceptanceCriteria.MAX_ITEMS + " items");
    }
    return contractTrouble(spec.contract());
  }

  private static Optional<Trouble> contractTrouble(ImplementationSpecSpec.Contract contract) {
    if (contract == null) {
      return Optional.empty();
    }
    if (contract.requiredKeys() != null
        && contract.requiredKeys().stream().anyMatch(SpecStatuses::blank)) {
      return trouble(Reason.InvalidContract, "spec.contract.requiredKeys has a blank key");
    }
    if (contract.mappings() != null
        && contract.mappings().stream()
            .anyMatch(m -> m == null || blank(m.from()) || blank(m.to()))) {
      return trouble(Reason.InvalidContract, "spec.contract.mappings has a half mapping");
    }
    return Optional.empty();
  }

  private static Optional<Trouble> tooLarge(Reason reason, String field, String limit) {
    return trouble(reason, field + " has more than " + limit);
  }

  private static Optional<Trouble> trouble(Reason reason, String message) {
    return Optional.of(new Trouble(reason, message));
  }

  private static boolean idFits(ImplementationSpecSpec.Source source) {
    if (blank(source.externalId()) || source.provider() == null) {
      return true;
    }
    return switch (source.provider()) {
      case "github" -> GITHUB_ID.matcher(source.externalId()).matches();
      case "linear" -> LINEAR_ID.matcher(source.externalId()).matches();
      default -> true;
    };
  }

  private static boolean urlFits(ImplementationSpecSpec.Source source) {
    if (blank(source.url()) || blank(source.externalId()) || source.provider() == null) {
      return true;
    }
    var url = source.url().toLowerCase(Locale.ROOT);
    var id = source.externalId().toLowerCase(Locale.ROOT);
    return switch (source.provider()) {
      case "github" -> url.contains("/" + id.replace("#", "/issues/"));
      case "linear" -> url.contains("/issue/" + id);
      default -> true;
    };
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }

  private static int length(String text) {
    return text == null ? 0 : text.strip().codePointCount(0, text.strip().length());
  }

  private static int size(List<?> list) {
    return list == null ? 0 : list.size();
  }
}

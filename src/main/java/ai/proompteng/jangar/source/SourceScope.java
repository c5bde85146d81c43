package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.ImplementationSourceSpec;
import ai.proompteng.jangar.api.ImplementationSourceSpec.Scope;
import ai.proompteng.jangar.core.Reason;
import ai.proompteng.jangar.core.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks of a source's scope and of what goes with it (integrations-and-helm.md 1.1, 1.5). */
final class SourceScope {
  static final int MAX_LABELS = 50;
  static final int MAX_MAPPINGS = 32;
  static final int MAX_TEXT = 512;
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}");

  private SourceScope() {}

  /** What is wrong with the scope of a GitHub source, if anything. */
  static Optional<Verdict> verdict(ImplementationSourceSpec spec) {
    var scope =
        Objects.requireNonNullElse(spec.scope(), new Scope(null, null, null, null, null, null));
    return size(spec, scope).or(() -> repository(scope)).or(() -> unsupported(spec, scope));
  }

  private static Optional<Verdict> size(ImplementationSourceSpec spec, Scope scope) {
    Collection<String> labels = Objects.requireNonNullElse(scope.labels(), List.of());
    Map<String, String> mapping = Objects.requireNonNullElse(spec.mapping(), Map.of());
    if (labels.size() > MAX_LABELS) {
      return tooLarge("spec.scope.labels has more than " + MAX_LABELS + " entries");
    }
    if (mapping.size() > MAX_MAPPINGS) {
      return tooLarge("spec.mapping has more than " + MAX_MAPPINGS + " entries");
    }
    var texts = new ArrayList<String>(labels);
    texts.addAll(mapping.keySet());
    texts.addAll(mapping.values());
    texts.add(scope.repository());
    texts.add(scope.organization());
    texts.add(scope.project());
    texts.add(scope.team());
    texts.add(scope.query());
    var tooLong =
        texts.stream()
            .filter(Objects::nonNull)
            .anyMatch(text -> text.codePointCount(0, text.length()) > MAX_TEXT);
    return tooLong
        ? tooLarge("a text of spec.scope or spec.mapping has more than " + MAX_TEXT + " characters")
        : Optional.empty();
  }

  private static Optional<Verdict> repository(Scope scope) {
    if (!isSet(scope.repository())) {
      return isSet(scope.organization())
          ? Optional.empty()
          : Verdict.invalid(
              Reason.InvalidRepository,
              "spec.scope.repository or spec.scope.organization is needed");
    }
    return REPOSITORY.matcher(scope.repository().trim()).matches()
        ? Optional.empty()
        : Verdict.invalid(Reason.InvalidRepository, "spec.scope.repository is no owner/repo");
  }

  private static Optional<Verdict> unsupported(ImplementationSourceSpec spec, Scope scope) {
    if (isSet(scope.team())) {
      return Verdict.invalid(Reason.UnsupportedScope, "spec.scope.team is nothing that GitHub has");
    }
    if (isSet(scope.project())) {
      return Verdict.invalid(
          Reason.UnsupportedScope, "spec.scope.project is nothing that GitHub issues have");
    }
    if (isSet(scope.query())) {
      return Verdict.notSupportedYet("spec.scope.query");
    }
    if (spec.mapping() != null && !spec.mapping().isEmpty()) {
      return Verdict.notSupportedYet("spec.mapping");
    }
    return spec.poll() == null ? Optional.empty() : Verdict.notSupportedYet("spec.poll");
  }

  private static boolean isSet(String text) {
    return text != null && !text.isBlank();
  }

  private static Optional<Verdict> tooLarge(String message) {
    return Verdict.invalid(Reason.ScopeTooLarge, message);
  }
}

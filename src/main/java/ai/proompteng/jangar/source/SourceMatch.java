package ai.proompteng.jangar.source;

import ai.proompteng.jangar.api.ImplementationSourceSpec;
import java.util.List;

/**
 * What of a tracker belongs to a source: the one predicate for every way in
 * (integrations-and-helm.md 1.5). It only thinks.
 */
public final class SourceMatch {
  private SourceMatch() {}

  /**
   * What an item says of where it stands.
   *
   * @param repository {@code owner/repo}; null when unknown
   * @param organization login of the organization, else of the owner; null when unknown
   * @param labels null means unknown, not none
   */
  public record Place(String repository, String organization, List<String> labels) {}

  /**
   * True when all selectors that are set match. A source that {@link SourceScope} finds fault with
   * matches nothing: it must not let in what a part that is passed over was to keep out.
   */
  public static boolean ofGitHub(ImplementationSourceSpec source, Place item) {
    return isPlaced(source, item) && hasLabels(source.scope().labels(), item.labels());
  }

  /**
   * True when all selectors but the labels match, and it is known which labels the item has: it may
   * have had the wanted ones until now.
   */
  public static boolean ofGitHubButLabels(ImplementationSourceSpec source, Place item) {
    return item.labels() != null && isPlaced(source, item);
  }

  private static boolean isPlaced(ImplementationSourceSpec source, Place item) {
    if (SourceScope.verdict(source).isPresent()) {
      return false;
    }
    var scope = source.scope();
    return matches(scope.repository(), item.repository())
        && matches(scope.organization(), item.organization());
  }

  private static boolean matches(String wanted, String there) {
    return wanted == null || wanted.isBlank() || wanted.strip().equalsIgnoreCase(there);
  }

  private static boolean hasLabels(List<String> wanted, List<String> there) {
    if (wanted == null || wanted.isEmpty()) {
      return true;
    }
    return there != null
        && wanted.stream()
            .allMatch(label -> there.stream().anyMatch(name -> name.equalsIgnoreCase(label)));
  }
}

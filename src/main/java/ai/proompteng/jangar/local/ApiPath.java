package ai.proompteng.jangar.local;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a path of the Kubernetes API speaks of.
 *
 * @param group empty for the core group
 * @param namespace, name, subresource null when the path has none
 */
record ApiPath(
    String group,
    String version,
    String namespace,
    String plural,
    String name,
    String subresource) {
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/(?<group>[^/]+))/(?<version>[^/]+)"
              + "(?:/namespaces/(?<namespace>[^/]+)(?=/))?"
              + "/(?<plural>[^/]+)(?:/(?<name>[^/]+)(?:/(?<sub>[^/]+))?)?");

  /** Reads one; null when it is no path of an object or a list. */
  static ApiPath of(String path) {
    Matcher found = PATH.matcher(path);
    if (!found.matches()) {
      return null;
    }
    return new ApiPath(
        found.group("group") == null ? "" : found.group("group"),
        found.group("version"),
        found.group("namespace"),
        found.group("plural"),
        found.group("name"),
        found.group("sub"));
  }
}

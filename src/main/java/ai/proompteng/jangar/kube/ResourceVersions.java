package ai.proompteng.jangar.kube;

/** Resource versions as ordered numbers, which Kubernetes has promised since 1.33 in practice. */
final class ResourceVersions {
  private ResourceVersions() {}

  /**
   * True when the seen version is the wanted one or a later one; false when either is no number.
   */
  static boolean reaches(String seen, String wanted) {
    if (!isNumber(seen) || !isNumber(wanted)) {
      return false;
    }
    return seen.length() == wanted.length()
        ? seen.compareTo(wanted) >= 0
        : seen.length() > wanted.length();
  }

  private static boolean isNumber(String version) {
    return version != null
        && !version.isEmpty()
        && version.charAt(0) != '0'
        && version.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }
}

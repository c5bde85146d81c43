package ai.proompteng.jangar.source.github;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where an issue is: {@code octo/hello#1}. */
record IssueAddress(String repository, String number) {
  private static final Pattern EXTERNAL_ID =
      Pattern.compile("([A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100})#([0-9]{1,18})");

  /** That of an external id; empty when it is none of GitHub's. */
  static Optional<IssueAddress> of(String externalId) {
    var match = EXTERNAL_ID.matcher(externalId == null ? "" : externalId);
    return match.matches() && !match.group(1).contains("..")
        ? Optional.of(new IssueAddress(match.group(1), match.group(2)))
        : Optional.empty();
  }

  String path() {
    return "/repos/" + repository + "/issues/" + number;
  }

  String comment(long id) {
    return "/repos/" + repository + "/issues/comments/" + id;
  }
}

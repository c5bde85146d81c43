package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.core.WorkItem;
import java.time.Instant;
import java.util.List;

/** Work items as tests need them. */
final class Items {
  private Items() {}

  static WorkItem of(String provider, String externalId) {
    return new WorkItem(
        "hello",
        "agents",
        "uid-of-hello",
        provider,
        externalId,
        "id-of-" + externalId,
        "delivery",
        null,
        "issues",
        "edited",
        "open",
        "A title",
        "A body",
        List.of(),
        null,
        null,
        null,
        "sha");
  }

  static WorkItem custom(String word, String externalId) {
    return new WorkItem(
        word,
        "agents",
        "route:" + word,
        "custom",
        externalId,
        null,
        "delivery",
        null,
        null,
        null,
        null,
        "A title",
        "A body",
        null,
        null,
        null,
        null,
        null);
  }

  /** The issue {@code octo/hello#1} in one of its states. */
  static WorkItem issue(Instant version, String state, String title, List<String> labels) {
    return issue("hello", version, state, title, "The body of " + title, labels);
  }

  static WorkItem issue(
      String source,
      Instant version,
      String state,
      String title,
      String text,
      List<String> labels) {
    return new WorkItem(
        source,
        "agents",
        "uid-of-" + source,
        "github",
        "octo/hello#1",
        "I_1",
        "delivery-" + version,
        version,
        "issues",
        "edited",
        state,
        title,
        text,
        labels,
        null,
        "https://github.com/octo/hello/issues/1",
        null,
        "sha-" + version);
  }
}

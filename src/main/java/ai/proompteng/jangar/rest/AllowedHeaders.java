package ai.proompteng.jangar.rest;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The request headers that get in; all others are dropped at the door. Everything inbound is data:
 * a header that steers Camel, in any spelling, is never among them.
 */
public final class AllowedHeaders {
  static final String REQUEST_ID = "X-Request-Id";

  /** What the request is followed by, from whoever sent it. */
  static final String TRACEPARENT = "traceparent";

  /** What a form's content type is called behind the door, lest anything parses its bytes. */
  static final String RAW_FORM = "application/x-raw-form";

  static final String FORM = "application/x-www-form-urlencoded";

  private static final List<String> OURS =
      List.of(
          "Accept",
          "Authorization",
          "Content-Type",
          "Idempotency-Key",
          "If-Match",
          "Linear-Delivery",
          "Linear-Event",
          "Linear-Signature",
          "Linear-Timestamp",
          "X-GitHub-Delivery",
          "X-GitHub-Event",
          "X-GitHub-Hook-ID",
          "X-Hub-Signature-256",
          TRACEPARENT,
          REQUEST_ID);

  private final Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * @param more names that an operator's own routes read; one that begins with {@code Camel} or
   *     {@code Jangar} is refused
   */
  public AllowedHeaders(List<String> more) {
    names.addAll(OURS);
    for (var name : more) {
      var lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith("camel") || lower.startsWith("jangar")) {
        throw new IllegalArgumentException("no request may set the header " + name);
      }
      names.add(name);
    }
  }

  Set<String> names() {
    return Set.copyOf(names);
  }

  boolean has(String name) {
    return names.contains(name);
  }
}

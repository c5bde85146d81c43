package ai.proompteng.jangar.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The one place where conditions are merged. Pure: the time is handed in. */
public final class Conditions {
  /**
   * The longest message we write: statuses stay small whatever a failure says
   * (integrations-and-helm.md 1.7).
   */
  public static final int MAX_MESSAGE = 1024;

  private Conditions() {}

  /**
   * The old conditions with the new ones laid over them, sorted by type; a condition keeps its
   * transition time while its status stays.
   *
   * @param old what stands in the object now
   * @param said what is true now; a type not named here stays as it was
   * @param now the transition time of those whose status changed, cut to seconds
   */
  public static List<Condition> merge(
      Collection<Condition> old, Collection<Condition> said, Instant now) {
    var byType = new TreeMap<String, Condition>();
    old.forEach(condition -> byType.put(condition.type(), condition));
    for (var condition : said) {
      byType.put(condition.type(), stamp(condition, byType.get(condition.type()), now));
    }
    return List.copyOf(new ArrayList<>(byType.values()));
  }

  /** The condition of that type. */
  public static Optional<Condition> find(Collection<Condition> conditions, String type) {
    return conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  /** True when a condition of that type is {@code True}. */
  public static boolean holds(Collection<Condition> conditions, String type) {
    return find(conditions, type).filter(Condition::holds).isPresent();
  }

  private static Condition stamp(Condition said, Condition old, Instant now) {
    var unchanged =
        old != null && old.status().equals(said.status()) && old.lastTransitionTime() != null;
    var since =
        unchanged
            ? old.lastTransitionTime()
            : now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    var reason =
        said.reason() == null || said.reason().isEmpty() ? Reason.Reconciled.name() : said.reason();
    return new Condition(said.type(), said.status(), reason, cut(said.message()), since);
  }

  private static String cut(String message) {
    if (message == null) {
      return "";
    }
    if (message.codePointCount(0, message.length()) <= MAX_MESSAGE) {
      return message;
    }
    return message.substring(0, message.offsetByCodePoints(0, MAX_MESSAGE));
  }
}

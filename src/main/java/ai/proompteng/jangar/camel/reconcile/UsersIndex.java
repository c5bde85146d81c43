package ai.proompteng.jangar.camel.reconcile;

import ai.proompteng.jangar.core.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who uses what, kept change by change: as large as the references that matter now. */
final class UsersIndex {
  private record Used(String namespace, References.Reference reference) {}

  private final Map<Key, Set<References.Reference>> byUser = new HashMap<>();
  private final Map<Used, Set<Key>> byUsed = new HashMap<>();

  /** That user refers to these now, and to nothing else. */
  synchronized void update(Key user, Set<References.Reference> references) {
    var before =
        references.isEmpty() ? byUser.remove(user) : byUser.put(user, Set.copyOf(references));
    if (before != null) {
      before.forEach(reference -> unlink(new Used(user.namespace(), reference), user));
    }
    for (var reference : references) {
      byUsed
          .computeIfAbsent(new Used(user.namespace(), reference), any -> new HashSet<>())
          .add(user);
    }
  }

  /** The users of that object. */
  synchronized Set<Key> usersOf(String plural, Key used) {
    var reference = new References.Reference(plural, used.name());
    return Set.copyOf(byUsed.getOrDefault(new Used(used.namespace(), reference), Set.of()));
  }

  private void unlink(Used used, Key user) {
    byUsed.computeIfPresent(
        used, (any, users) -> users.remove(user) && users.isEmpty() ? null : users);
  }
}

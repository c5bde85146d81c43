package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts a finalizer on an object and takes it off again; other actors' finalizers survive, and a 404
 * is success.
 */
public final class Guards {
  private static final int ATTEMPTS = 4;

  private final Cluster cluster;

  public Guards(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The object with the finalizer; empty when it is gone. Never re-added while deleting.
   *
   * @throws Conflict when the object moved on at every attempt
   */
  public <S, T> Optional<Resource<S, T>> add(
      Kind<S, T> kind, Resource<S, T> object, String finalizer) {
    return change(
        kind,
        object,
        now -> {
          var there = now.metadata().finalizers();
          if (now.metadata().deleting() || there.contains(finalizer)) {
            return there;
          }
          var more = new ArrayList<>(there);
          more.add(finalizer);
          return more;
        });
  }

  /**
   * Takes the finalizer off.
   *
   * @throws Conflict when the object moved on at every attempt
   */
  public <S, T> void remove(Kind<S, T> kind, Resource<S, T> object, String finalizer) {
    change(
        kind,
        object,
        now -> now.metadata().finalizers().stream().filter(one -> !one.equals(finalizer)).toList());
  }

  private <S, T> Optional<Resource<S, T>> change(
      Kind<S, T> kind, Resource<S, T> seen, Function<Resource<S, T>, List<String>> finalizers) {
    var current = Optional.of(seen);
    for (int attempt = 1; current.isPresent(); attempt++) {
      var wanted = finalizers.apply(current.get());
      if (wanted.equals(current.get().metadata().finalizers())) {
        return current;
      }
      try {
        return patch(kind, current.get(), wanted);
      } catch (Conflict e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        current =
            cluster
                .read(kind, seen.key())
                .filter(now -> now.metadata().uid().equals(seen.metadata().uid()));
      }
    }
    return Optional.empty();
  }

  private <S, T> Optional<Resource<S, T>> patch(
      Kind<S, T> kind, Resource<S, T> current, List<String> finalizers) {
    // the version makes the list a safe one: nobody else's finalizer can have come in between
    var metadata =
        Map.of("resourceVersion", current.metadata().resourceVersion(), "finalizers", finalizers);
    return cluster
        .mergePatch(ResourceType.of(kind), current.key(), Map.of("metadata", metadata))
        .map(object -> Decoder.decode(kind, object));
  }
}

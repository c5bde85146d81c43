package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.core.Unreachable;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Brings informers to where the server is now. A watch proves by a change or a bookmark that it has
 * come so far; where nothing changes a bookmark comes once a minute, so what has not got there in a
 * moment lists anew: that also finds out a watch whose connection is dead.
 */
final class CatchUp {
  private static final Duration MOMENT = Duration.ofMillis(500);
  private static final long LOOK_AGAIN_MILLIS = 20;
  private static final long ASK_AGAIN_MILLIS = 500;

  private final ApiServer server;
  private final BooleanSupplier wanted;

  /**
   * @param wanted false ends it
   */
  CatchUp(ApiServer server, BooleanSupplier wanted) {
    this.server = server;
    this.wanted = wanted;
  }

  /** One informer that is behind, and how far it has to come. */
  private record Behind(Map<String, Informed> byNamespace, String namespace, String version) {
    Informed informed() {
      return byNamespace.get(namespace);
    }

    boolean reached() {
      return ResourceVersions.reaches(informed().version(), version);
    }
  }

  /**
   * Returns when all have caught up.
   *
   * @param types each type's informers by namespace; one that has to list anew takes the other's
   *     place
   * @return false when it was not wanted any more
   */
  boolean all(List<Map<String, Informed>> types) throws InterruptedException {
    var behind = new ArrayList<Behind>();
    for (var type : types) {
      for (var namespace : type.keySet()) {
        var version = version(type.get(namespace));
        if (version != null) {
          behind.add(new Behind(type, namespace, version));
        }
      }
    }
    int looks = (int) (MOMENT.toMillis() / LOOK_AGAIN_MILLIS);
    while (wanted.getAsBoolean() && behind.stream().anyMatch(it -> !it.reached()) && looks-- > 0) {
      pause(LOOK_AGAIN_MILLIS);
    }
    behind.removeIf(Behind::reached);
    return wanted.getAsBoolean() && listAnew(behind);
  }

  private boolean listAnew(List<Behind> behind) throws InterruptedException {
    var fresh = behind.stream().map(it -> it.informed().anew()).toList();
    fresh.forEach(Informed::start);
    while (wanted.getAsBoolean() && !fresh.stream().allMatch(Informed::synced)) {
      pause(LOOK_AGAIN_MILLIS);
    }
    var all = fresh.stream().allMatch(Informed::synced);
    for (int i = 0; i < fresh.size(); i++) {
      if (all) {
        replace(behind.get(i), fresh.get(i));
      } else {
        fresh.get(i).close();
      }
    }
    return all && wanted.getAsBoolean();
  }

  private static void replace(Behind old, Informed fresh) {
    var before = old.byNamespace().put(old.namespace(), fresh);
    before.close();
    fresh.tellSince(before);
  }

  /**
   * The version of that collection now; null when it is not there for us, or not wanted any more.
   */
  private String version(Informed informed) throws InterruptedException {
    while (wanted.getAsBoolean()) {
      try {
        var answer = server.get(informed.probe());
        if (answer.ok()) {
          return Decoder.mapper()
              .readTree(answer.body())
              .path("metadata")
              .path("resourceVersion")
              .asText();
        }
        if (answer.absent() || answer.failure("") instanceof Forbidden) {
          return null;
        }
      } catch (Unreachable | JsonProcessingException e) {
        // nobody is there: asked again below
      }
      pause(ASK_AGAIN_MILLIS);
    }
    return null;
  }

  private static void pause(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}

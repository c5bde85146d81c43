package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.api.WellKnown;
import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The one way a status is written: complete, compared, and guarded by resourceVersion (decision 5).
 * {@code updatedAt}, {@code lastCheckedAt} and {@code lastValidatedAt} alone are no difference, nor
 * are the times of conditions. {@code updatedAt} is set here, where the kind has it. On a conflict
 * it computes again from what stands there: at once, then with backoff.
 */
public final class StatusWriter {
  private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
      new TypeReference<>() {};

  private final Cluster cluster;
  private final Clock clock;
  private final Limits limits;

  /**
   * How often a conflict is answered by another attempt.
   *
   * @param retries attempts after the first; 0 leaves it to the next pass
   * @param base the wait before the third attempt; each later one waits that much longer
   */
  public record Limits(int retries, Duration base) {
    /** The documented defaults. */
    public static Limits defaults() {
      return new Limits(3, Duration.ofMillis(200));
    }
  }

  public StatusWriter(Cluster cluster, Clock clock) {
    this(cluster, clock, Limits.defaults());
  }

  /**
   * @param clock tells {@code updatedAt}
   */
  public StatusWriter(Cluster cluster, Clock clock, Limits limits) {
    this.cluster = cluster;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Writes what the function says of the object, if it is news.
   *
   * @param seen the object the caller decided upon
   * @param status the complete status of the object given, called again after a conflict
   * @return the object as it stands afterwards; empty when it is gone, or another of the same name
   *     stands there
   * @throws Conflict when it moved on at every attempt
   */
  public <S, T> Optional<Resource<S, T>> write(
      Kind<S, T> kind, Resource<S, T> seen, Function<Resource<S, T>, T> status) {
    var current = isWhole(seen) ? Optional.of(seen) : fresh(kind, seen);
    for (int attempt = 1; current.isPresent(); attempt++) {
      try {
        return writeOnce(kind, current.get(), status.apply(current.get()));
      } catch (Conflict e) {
        if (attempt > limits.retries()) {
          throw e;
        }
        if (attempt > 1) {
          backOff(attempt - 1);
        }
        current = attempt == 1 ? newer(kind, current.get()) : fresh(kind, seen);
      }
    }
    return Optional.empty();
  }

  private <S, T> Optional<Resource<S, T>> writeOnce(
      Kind<S, T> kind, Resource<S, T> current, T status) {
    var fields = fields(status);
    if (StatusNews.same(fields(current.status()), fields)) {
      return Optional.of(current);
    }
    if (hasUpdatedAt(kind)) {
      fields.put("updatedAt", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    var meta = current.metadata();
    return cluster
        .replaceStatus(
            ResourceType.of(kind), current.key(), meta.uid(), meta.resourceVersion(), fields)
        .map(object -> asFarAsItDecodes(kind, object));
  }

  /** What the overlay has, if that is news; else what the server has. */
  private <S, T> Optional<Resource<S, T>> newer(Kind<S, T> kind, Resource<S, T> refused) {
    var cached =
        cluster
            .cached(ResourceType.of(kind), refused.key())
            .map(object -> asFarAsItDecodes(kind, object))
            .filter(StatusWriter::isWhole)
            .filter(
                object ->
                    !object
                        .metadata()
                        .resourceVersion()
                        .equals(refused.metadata().resourceVersion()))
            .filter(object -> sameObject(object, refused));
    return cached.isPresent() ? cached : fresh(kind, refused);
  }

  private <S, T> Optional<Resource<S, T>> fresh(Kind<S, T> kind, Resource<S, T> seen) {
    return cluster
        .read(ResourceType.of(kind), seen.key())
        .map(object -> asFarAsItDecodes(kind, object))
        .filter(object -> sameObject(object, seen));
  }

  // one whose spec does not decode must still be told so
  private static <S, T> Resource<S, T> asFarAsItDecodes(
      Kind<S, T> kind, GenericKubernetesResource object) {
    return Decoder.attempt(kind, object).resource();
  }

  private static boolean sameObject(Resource<?, ?> one, Resource<?, ?> other) {
    return one.metadata().uid().equals(other.metadata().uid());
  }

  // what the cache keeps of a finished run is no ground to write a complete status on
  private static boolean isWhole(Resource<?, ?> object) {
    return !object.metadata().annotations().containsKey(WellKnown.CACHED_COMPACT);
  }

  private static boolean hasUpdatedAt(Kind<?, ?> kind) {
    return kind.status().isRecord()
        && Arrays.stream(kind.status().getRecordComponents())
            .anyMatch(component -> component.getName().equals("updatedAt"));
  }

  private static Map<String, Object> fields(Object status) {
    return Decoder.mapper().convertValue(status, FIELDS);
  }

  private void backOff(int times) {
    long base = limits.base().toMillis() * times;
    long millis = base / 2 + ThreadLocalRandom.current().nextLong(base);
    new CompletableFuture<Void>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS).join();
  }
}

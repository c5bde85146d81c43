package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kubernetes Events with deterministic names (object's uid, reason), so that one that exists is
 * success (decision 48). What this process has said lately is remembered, so that a repeated pass
 * costs no request. An Event that cannot be written stops nobody.
 */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int REMEMBERED = 10_000;
  private static final int MAX_MESSAGE = 1024;
  private static final String COMPONENT = "jangar";

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Clock clock;
  private final Limits limits;
  private final RecentlyUsed<String, Boolean> said = new RecentlyUsed<>(REMEMBERED);
  private final RecentlyUsed<String, Minute> lately = new RecentlyUsed<>(REMEMBERED);

  /**
   * Whether any are written, and how many.
   *
   * @param perMinute for one object; more wait for a pass of a later minute
   */
  public record Limits(boolean enabled, int perMinute) {
    /** The documented defaults. */
    public static Limits defaults() {
      return new Limits(true, 60);
    }
  }

  /** How many Events an object has had since then. */
  private record Minute(Instant since, int count) {}

  public Events(Cluster cluster, Clock clock) {
    this(cluster, clock, Limits.defaults());
  }

  public Events(Cluster cluster, Clock clock, Limits limits) {
    this.cluster = cluster;
    this.clock = clock;
    this.limits = limits;
  }

  /** All is as it should be. */
  public void normal(Kind<?, ?> kind, Meta object, String reason, String message) {
    say("Normal", kind, object, reason, message);
  }

  /** Somebody should look. */
  public void warning(Kind<?, ?> kind, Meta object, String reason, String message) {
    say("Warning", kind, object, reason, message);
  }

  private void say(String type, Kind<?, ?> kind, Meta object, String reason, String message) {
    var name = Names.childName(object.name(), object.uid(), reason.toLowerCase(Locale.ROOT));
    var id = object.namespace() + "/" + name;
    if (!limits.enabled() || said.get(id) != null || !within(object.uid())) {
      return;
    }
    try {
      cluster.create(event(name, type, kind, object, reason, message));
      said.put(id, true);
    } catch (AlreadyExists e) {
      said.put(id, true);
    } catch (Unreachable | Rejected | Conflict e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("object", kind.plural() + " " + object.namespace() + "/" + object.name())
          .addKeyValue("reason", reason)
          .log("An Event was not written");
    }
  }

  private synchronized boolean within(String uid) {
    var now = clock.instant();
    var minute = lately.get(uid);
    if (minute == null || !now.isBefore(minute.since().plus(MINUTE))) {
      minute = new Minute(now, 0);
    }
    lately.put(uid, new Minute(minute.since(), Math.min(minute.count() + 1, limits.perMinute())));
    return minute.count() < limits.perMinute();
  }

  private GenericKubernetesResource event(
      String name, String type, Kind<?, ?> kind, Meta object, String reason, String message) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var event = new GenericKubernetesResource();
    event.setApiVersion(ResourceType.EVENT.apiVersion());
    event.setKind(ResourceType.EVENT.kind());
    event.setMetadata(
        new ObjectMetaBuilder().withNamespace(object.namespace()).withName(name).build());
    event.setAdditionalProperty("involvedObject", reference(kind, object));
    event.setAdditionalProperty("type", type);
    event.setAdditionalProperty("reason", reason);
    event.setAdditionalProperty("message", cut(message));
    event.setAdditionalProperty("firstTimestamp", now);
    event.setAdditionalProperty("lastTimestamp", now);
    event.setAdditionalProperty("count", 1);
    event.setAdditionalProperty("source", Map.of("component", COMPONENT));
    event.setAdditionalProperty("reportingComponent", COMPONENT);
    event.setAdditionalProperty("reportingInstance", COMPONENT);
    return event;
  }

  private static Map<String, Object> reference(Kind<?, ?> kind, Meta object) {
    var reference = new LinkedHashMap<String, Object>();
    reference.put("apiVersion", kind.apiVersion());
    reference.put("kind", kind.kind());
    reference.put("namespace", object.namespace());
    reference.put("name", object.name());
    reference.put("uid", object.uid());
    return reference;
  }

  private static String cut(String message) {
    if (message == null) {
      return "";
    }
    int length = message.codePointCount(0, message.length());
    return length <= MAX_MESSAGE
        ? message
        : message.substring(0, message.offsetByCodePoints(0, MAX_MESSAGE));
  }
}

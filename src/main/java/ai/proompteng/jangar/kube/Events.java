package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Meta;
import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
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

  private final Cluster cluster;
  private final Clock clock;
  private final RecentlyUsed<String, Boolean> said = new RecentlyUsed<>(REMEMBERED);

  public Events(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
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
    if (said.get(id) != null) {
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

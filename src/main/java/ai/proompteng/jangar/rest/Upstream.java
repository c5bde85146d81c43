package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.core.Rejected;
import ai.proompteng.jangar.core.Unreachable;
import ai.proompteng.jangar.kube.Conflict;
import ai.proompteng.jangar.kube.Forbidden;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the API server's refusals are to whoever asked us. */
final class Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

  /** The API server holds objects against their definition. */
  private static final String REFUSED = "RefusedByKubernetes";

  private Upstream() {}

  /** What the call gives; {@link ai.proompteng.jangar.kube.AlreadyExists} goes on as it is. */
  static <T> T ask(Supplier<T> call) {
    try {
      return call.get();
    } catch (Conflict e) {
      throw ErrorCode.CONFLICT.refuse("the object was changed meanwhile, ask again");
    } catch (Unreachable | Forbidden e) {
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("The API server did not do what a request needs");
      throw ErrorCode.KUBERNETES_UNAVAILABLE.refuse("the API server did not do it, ask again");
    } catch (Rejected e) {
      throw ErrorCode.INVALID_OBJECT.refuse(e.getMessage(), Map.of("reason", REFUSED));
    }
  }
}

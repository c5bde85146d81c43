package ai.proompteng.jangar.store;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that was not let through.
 *
 * @param code of the answer
 * @param principal null for nobody who is known
 * @param namespace that they may not enter; null when that was not why
 * @param address of the sender
 */
public record Denial(
    String code,
    String principal,
    String namespace,
    String method,
    String path,
    String address,
    String requestId) {
  private static final int LONGEST = 512;

  /** What an audit row says of it; texts of the sender are cut. */
  public Map<String, Object> details() {
    var details = new LinkedHashMap<String, Object>();
    details.put("reason", code);
    details.put("namespace", namespace);
    details.put("method", method);
    details.put(
        "path", path == null || path.length() <= LONGEST ? path : path.substring(0, LONGEST));
    details.put("address", address);
    details.put("requestId", requestId);
    return details;
  }
}

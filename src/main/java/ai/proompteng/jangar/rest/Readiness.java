package ai.proompteng.jangar.rest;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps this process from being ready (orchestration-and-api.md 8.2). Leadership never does.
 *
 * @param checks each gives the reason codes that hold now; none when all is well
 */
public record Readiness(List<Supplier<List<String>>> checks) {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

  /** All reason codes that hold now. */
  public List<String> reasonCodes() {
    return checks.stream().flatMap(check -> ask(check).stream()).distinct().toList();
  }

  /** The answer of {@code /ready}. */
  Map<String, Object> answer(List<String> reasons) {
    return Map.of(
        "status",
        reasons.isEmpty() ? "ready" : "not_ready",
        "service",
        "jangar",
        "httpReady",
        true,
        "reason_codes",
        reasons);
  }

  private static List<String> ask(Supplier<List<String>> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("A readiness check fails by itself");
      return List.of("check_failed");
    }
  }
}

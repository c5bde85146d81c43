package ai.proompteng.jangar.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process can do its work (orchestration-and-api.md 8.2). Leadership never decides it.
 *
 * @param checks gives the reason codes that keep it from being ready; none when all is well
 * @param notices gives the codes of what a human should know though it is ready
 * @param facts what else is told, by its field
 */
public record Readiness(
    Supplier<List<String>> checks,
    Supplier<List<String>> notices,
    Supplier<Map<String, Object>> facts) {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

  /** What keeps it from being ready now. */
  public List<String> reasonCodes() {
    return ask(checks);
  }

  /** The answer of {@code /ready}. */
  Map<String, Object> answer(List<String> reasons) {
    var told = ask(notices);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("status", !reasons.isEmpty() ? "not_ready" : told.isEmpty() ? "ready" : "degraded");
    answer.put("service", "jangar");
    answer.putAll(facts.get());
    answer.put("httpReady", true);
    answer.put("reason_codes", Stream.concat(reasons.stream(), told.stream()).distinct().toList());
    return answer;
  }

  private static List<String> ask(Supplier<List<String>> check) {
    try {
      return check.get().stream().distinct().toList();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("A readiness check fails by itself");
      return List.of("check_failed");
    }
  }
}

package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.telemetry.Measure;
import ai.proompteng.jangar.telemetry.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts and times what comes over HTTP (integrations-and-helm.md 3.4, orchestration-and-api.md
 * 8.3). Labels are words of closed sets: nobody outside can make a new one.
 */
record HttpMeters(Meters meters) {
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
  private static final Map<Integer, String> OUTCOMES =
      Map.of(
          200, "ok",
          400, "invalid",
          401, "unauthorized",
          408, "timeout",
          413, "too_large",
          415, "unsupported",
          429, "rate_limited",
          500, "error",
          503, "unavailable");

  /**
   * The request has been answered, or its sender is gone.
   *
   * @param route the template of its path; empty when no route stands there
   */
  void answered(String method, Optional<String> route, int status, long nanos) {
    meters.observe(
        Measure.HTTP_REQUESTS,
        Duration.ofNanos(nanos),
        METHODS.contains(method) ? method : "other",
        route.orElse("none"),
        String.valueOf(status));
  }

  /** The same of one that came to the webhooks. */
  void webhook(String path, int status, long nanos) {
    var provider = path.contains("/webhooks/github") ? "github" : "other";
    meters.observe(Measure.WEBHOOK_DURATION, Duration.ofNanos(nanos), provider);
    meters.count(Measure.WEBHOOK_REQUESTS, provider, OUTCOMES.getOrDefault(status, "refused"));
  }
}

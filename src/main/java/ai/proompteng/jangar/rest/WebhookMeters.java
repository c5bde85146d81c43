package ai.proompteng.jangar.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;

/**
 * Counts and times what comes to the webhooks (integrations-and-helm.md 3.4). Labels are words of
 * closed sets: nobody outside can make a new one.
 */
final class WebhookMeters {
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

  private final MeterRegistry meters;

  WebhookMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  Timer.Sample start() {
    return Timer.start(meters);
  }

  /** The request has been answered, or its sender is gone. */
  void end(Timer.Sample sample, String path, int status) {
    var provider = path.contains("/webhooks/github") ? "github" : "other";
    sample.stop(meters.timer("jangar.webhook.duration", "provider", provider));
    meters
        .counter(
            "jangar.webhook.requests",
            "provider",
            provider,
            "outcome",
            OUTCOMES.getOrDefault(status, "refused"))
        .increment();
  }
}

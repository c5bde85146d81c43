package ai.proompteng.jangar.runtime;

import ai.proompteng.jangar.api.AgentRunSpec.Resources;
import java.util.List;
import java.util.Map;

/**
 * What runners get where neither run nor provider says (agentrun.md appendix A, family
 * <i>runner</i>).
 *
 * @param image null when there is none
 * @param jobTtlSeconds 0 or less keeps Jobs for ever
 */
public record RunnerDefaults(
    String image,
    String serviceAccount,
    int jobTtlSeconds,
    int logRetentionSeconds,
    int backoffLimit,
    String priorityClassName,
    String schedulerName,
    Map<String, Object> nodeSelector,
    List<Object> tolerations,
    List<Object> topologySpreadConstraints,
    Map<String, Object> affinity,
    Map<String, Object> podSecurityContext,
    List<String> imagePullSecrets,
    Resources resources) {

  /** The documented defaults, with that image (null for none). */
  public static RunnerDefaults with(String image) {
    return new RunnerDefaults(
        image,
        "default",
        86_400,
        604_800,
        0,
        null,
        null,
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(),
        new Resources(Map.of(), Map.of()));
  }
}

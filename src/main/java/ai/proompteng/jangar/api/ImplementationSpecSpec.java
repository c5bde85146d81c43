package ai.proompteng.jangar.api;

import java.util.List;

/**
 * {@code ImplementationSpec.spec} (agentrun.md 1.5), and the inline task of a run. Fields may be
 * null.
 */
public record ImplementationSpecSpec(
    String text,
    String summary,
    String description,
    List<String> acceptanceCriteria,
    List<String> labels,
    Source source,
    Ref vcsRef,
    Contract contract) {

  /** {@code provider} is {@code github}, {@code linear}, {@code manual} or {@code custom}. */
  public record Source(String provider, String externalId, String url) {}

  public record Contract(List<String> requiredKeys, List<Mapping> mappings) {}

  public record Mapping(String from, String to) {}
}

package ai.proompteng.jangar.api;

import java.util.List;

/**
 * One of our kinds: how the API server names it and what its spec and status decode to.
 *
 * @param <S> the spec
 * @param <T> the status
 */
public record Kind<S, T>(
    String group, String version, String kind, String plural, Class<S> spec, Class<T> status) {
  private static final String GROUP = "agents.proompteng.ai";
  private static final String VERSION = "v1alpha1";

  public static final Kind<AgentRunSpec, AgentRunStatus> AGENT_RUN =
      of("AgentRun", "agentruns", AgentRunSpec.class, AgentRunStatus.class);
  public static final Kind<AgentSpec, AgentStatus> AGENT =
      of("Agent", "agents", AgentSpec.class, AgentStatus.class);
  public static final Kind<AgentProviderSpec, AgentProviderStatus> AGENT_PROVIDER =
      of("AgentProvider", "agentproviders", AgentProviderSpec.class, AgentProviderStatus.class);
  public static final Kind<ImplementationSpecSpec, ImplementationSpecStatus> IMPLEMENTATION_SPEC =
      of(
          "ImplementationSpec",
          "implementationspecs",
          ImplementationSpecSpec.class,
          ImplementationSpecStatus.class);
  public static final Kind<ImplementationSourceSpec, ImplementationSourceStatus>
      IMPLEMENTATION_SOURCE =
          of(
              "ImplementationSource",
              "implementationsources",
              ImplementationSourceSpec.class,
              ImplementationSourceStatus.class);

  /** All of them. */
  public static final List<Kind<?, ?>> ALL =
      List.of(AGENT_RUN, AGENT, AGENT_PROVIDER, IMPLEMENTATION_SPEC, IMPLEMENTATION_SOURCE);

  /** {@code group/version}, as manifests write it. */
  public String apiVersion() {
    return group + "/" + version;
  }

  private static <S, T> Kind<S, T> of(String kind, String plural, Class<S> spec, Class<T> status) {
    return new Kind<>(GROUP, VERSION, kind, plural, spec, status);
  }
}

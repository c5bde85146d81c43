package ai.proompteng.jangar.provider;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.api.Resource;
import java.util.Optional;

/**
 * An AgentProvider as seen at one look.
 *
 * @param undecodable what is wrong with it when its spec does not decode
 */
public record ProviderView(
    Resource<AgentProviderSpec, AgentProviderStatus> provider, Optional<String> undecodable) {}

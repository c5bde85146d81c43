package ai.proompteng.jangar.agent;

import ai.proompteng.jangar.api.AgentProviderSpec;
import ai.proompteng.jangar.api.AgentProviderStatus;
import ai.proompteng.jangar.api.AgentSpec;
import ai.proompteng.jangar.api.AgentStatus;
import ai.proompteng.jangar.api.Resource;
import java.util.Optional;

/**
 * An Agent and what it refers to, as seen at one look.
 *
 * @param undecodable what is wrong with it when its spec does not decode
 * @param provider the AgentProvider it names; empty when there is none of that name
 */
public record AgentView(
    Resource<AgentSpec, AgentStatus> agent,
    Optional<String> undecodable,
    Optional<Resource<AgentProviderSpec, AgentProviderStatus>> provider) {}

package ai.proompteng.jangar.rest;

import ai.proompteng.jangar.api.AgentSpec;

/** The body of {@code POST /v1/agents}. Fields may be null. */
record NewAgent(String name, String namespace, AgentSpec spec, Policy policy) {}

package ai.proompteng.jangar.rest;

/** The body of {@code POST /v1/agent-runs/{id}/cancel}; it may be missing. */
record Wish(String reason) {}

package ai.proompteng.jangar.api;

/** A key of a Secret or a ConfigMap of the namespace; {@code kind} where both are possible. */
public record ObjectKeyRef(String kind, String name, String key) {}

package ai.proompteng.jangar.api;

/** A reference by name within the namespace. */
public record Ref(String name) {}

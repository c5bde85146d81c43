package ai.proompteng.jangar.api;

/** One entry of {@code status.artifacts} (agentrun.md 9): a reference, never the content. */
public record Artifact(
    String name,
    String path,
    String key,
    String url,
    String type,
    String uri,
    String contentType,
    Long sizeBytes,
    String sha256) {}
